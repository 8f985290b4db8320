"""`pullquote init`: from an empty folder to a bot that can be started."""
