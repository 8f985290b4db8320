"""Question sets and the quality of the answers to them."""
