"""What people do on Discord, what their clients send, and the guilds that they act in."""
