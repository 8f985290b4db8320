"""What the fuzzing trial tries, and the process in which it does."""
