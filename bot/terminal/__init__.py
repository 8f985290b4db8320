"""The command line, the prompt and batches."""
