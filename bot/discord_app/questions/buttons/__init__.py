"""The buttons below answers; the custom id of each holds all that it needs."""
