"""Personal data: export, erasure, retention, servers that the bot left."""
