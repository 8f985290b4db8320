"""Running the bot: backups, health, locks and logs."""
