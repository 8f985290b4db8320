"""The state of the stand-in and how Discord describes it."""
