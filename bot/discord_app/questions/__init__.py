"""Questions in messages, commands and edits, and their answers."""
