"""The message with which the bot introduces itself to a server that invited it."""
