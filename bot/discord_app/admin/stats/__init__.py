"""`/pullquote stats`: the figures of a server."""
