"""The gateway: connections, sessions, and the events that each session gets."""
