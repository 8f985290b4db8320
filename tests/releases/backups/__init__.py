"""A backup of each schema; `python -m tests.releases.backups` writes that of today."""
