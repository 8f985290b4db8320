"""What the code says and what the catalogues hold of it."""
