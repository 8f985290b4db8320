"""Settings from the environment and `.env`, and who may read those files."""
