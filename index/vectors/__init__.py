"""Embeddings: encoders, files, similarity."""
