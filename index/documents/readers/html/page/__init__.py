"""Which elements of a page are its text, and in which order its blocks are added."""
