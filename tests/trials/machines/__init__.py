"""Several machines that share nothing but PostgreSQL, and one with very many servers."""
