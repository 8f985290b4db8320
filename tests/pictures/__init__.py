"""Pictures of what the bot sends, for the pages: a model of Discord on a phone, in the dark."""
