"""The state of the stand-in, and the JSON in which Discord describes it."""
