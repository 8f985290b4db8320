"""From a corpus to a published index."""
