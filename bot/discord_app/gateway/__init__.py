"""Changes to discord.py's connection, REST client and events."""
