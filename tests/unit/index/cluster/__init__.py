"""The modules of `index.cluster` that need no node."""
