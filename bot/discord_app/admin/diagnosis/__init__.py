"""`/pullquote diagnose`: why the bot would or would not answer."""
