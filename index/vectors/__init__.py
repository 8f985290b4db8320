"""Embeddings: their encoders, their files, and cosines with a question."""
