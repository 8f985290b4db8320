"""The modules of `index.cluster.documents`."""
