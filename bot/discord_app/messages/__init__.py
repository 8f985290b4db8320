"""What features share to build and send messages, cards and lists."""
