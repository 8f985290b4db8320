"""The Discord bot: receives events and sends answers, which `bot.answering` finds."""
