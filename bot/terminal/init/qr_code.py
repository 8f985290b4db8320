"""Print a QR code on the terminal."""

import io
import sys

import click

# Modules around the code. Scanners want four by the standard, and read it with two.
_BORDER = 2


def print_qr_code(text: str) -> None:
    """Print a QR code of half blocks, dark on light as scanners expect it.

    An invitation takes 23 lines. Colours are set, so that it is the same on any terminal.
    """
    import segno

    drawn = io.StringIO()
    segno.make_qr(text, error="l").terminal(drawn, border=_BORDER, compact=True)
    if not _can_show(drawn.getvalue()):
        click.echo("This terminal cannot show it: its encoding has no block characters.")
        return
    for line in drawn.getvalue().splitlines():
        click.secho(line, fg="bright_white", bg="black")


def _can_show(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
