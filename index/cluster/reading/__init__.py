"""Search an index that a cluster holds."""
