"""The REST API: transport, failures and handlers."""
