"""Pictures of what the bot sends, for the README: a model of Discord on a phone, in the dark."""
