"""The encoder that comes with the package, those on the hub, and how they are run."""
