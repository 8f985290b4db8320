"""The modules of `index.cluster.client`."""
