"""The gateway: sessions, events and the connections that they go to."""
