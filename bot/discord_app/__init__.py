"""The Discord bot: events in, answers out; what is answered is decided elsewhere."""
