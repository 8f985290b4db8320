"""What the program depends on: known vulnerabilities, and wheels for other systems."""
