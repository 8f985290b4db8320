"""`/pullquote changes`: who changed a server's texts, lessons and settings."""
