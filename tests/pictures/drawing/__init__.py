"""How messages and figures are drawn."""
