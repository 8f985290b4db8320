"""What keeps the bot dependable while it runs, and tells its owner how it is."""
