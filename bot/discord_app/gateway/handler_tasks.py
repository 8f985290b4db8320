"""Find the tasks that handle events."""

import asyncio

# How discord.py names the tasks of listeners, commands and pressed buttons.
_PREFIXES = ("discord.py: on_", "CommandTree-invoker", "discord-ui-dynamic-item")


def handler_tasks() -> list[asyncio.Task[object]]:
    """Return the tasks of the running loop that handle events.

    Promise: When the bot is stopped, it first sends the answers that it has begun.
    Private: the names that discord.py gives to tasks.
    """
    return [task for task in asyncio.all_tasks() if task.get_name().startswith(_PREFIXES)]
