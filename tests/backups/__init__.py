"""A backup of each schema that there was: `python -m tests.backups` writes that of today."""
