"""A server's own texts: adding, reading, listing, removing."""
