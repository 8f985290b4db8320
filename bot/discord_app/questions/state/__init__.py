"""What is remembered between questions, in memory."""
