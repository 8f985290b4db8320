"""What features ask about an event: origin, access, settings, limits."""
