"""A made-up text of five paragraphs, which most tests ask about."""

from pathlib import Path

from index import EncoderChoice, build_index

# Plain words on one subject; the title stands on top and is no paragraph.
HARBOUR = """\
The harbour of Lowmere

The harbour was dug in 1802 by Captain Ada Finch. It took four years.

Herring boats leave before dawn and return with the evening tide.

The lighthouse burned twice. Each time the keepers of Lowmere rebuilt it from grey stone.

A storm in 1887 sank nine boats. Nobody drowned, because the bell rang early.

Visitors come in June to hear the choir sing on the pier.
"""


def build_encoded_harbour(folder: Path) -> Path:
    """Build an index of the text with the vectors of the packaged encoder; return its folder."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    encoder = EncoderChoice("", folder / "models")
    build_index(folder / "corpus", folder / "index", encoder=encoder, within_s=None)
    return folder / "index"
