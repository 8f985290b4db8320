"""What a page becomes: blocks, their lines, lists and tables."""
