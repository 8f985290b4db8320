"""What people and their clients do."""
