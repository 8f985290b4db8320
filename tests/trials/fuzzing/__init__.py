"""The targets of the fuzzing trial, and the process that runs them."""
