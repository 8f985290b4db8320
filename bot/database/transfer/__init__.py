"""Write all rows of a database to a file, and read them back."""
