"""Log setup, formats, request ids and redaction."""
