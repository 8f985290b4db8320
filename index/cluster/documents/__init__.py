"""What the documents of a cluster hold."""
