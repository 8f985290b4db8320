"""The real bot against the stand-in."""
