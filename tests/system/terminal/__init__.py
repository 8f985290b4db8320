"""The installed command in a terminal and in scripts."""
