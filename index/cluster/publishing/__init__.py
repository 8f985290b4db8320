"""Publish a build in a cluster, and copy it back."""
