"""What the bot does against pauses of the interpreter."""

import subprocess
import sys

PROGRAM = """
import gc, sys
before = sys.getswitchinterval()
from bot.operations.interpreter_tuning import shorten_pauses
shorten_pauses()
print(gc.get_freeze_count() > 1000, sys.getswitchinterval() < before)
"""


def test_what_is_loaded_is_frozen_and_threads_give_way_sooner():
    """Garbage collection no longer looks through it, in the process that asked for it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.stdout == "True True\n"
