"""The connection to a cluster."""
