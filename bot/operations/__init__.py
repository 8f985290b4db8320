"""The package bot/operations."""
