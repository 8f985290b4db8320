"""How commands are grouped, registered, translated and refused."""
