"""A handbook is found by the names, numbers and spellings that people type."""

from pathlib import Path

import pytest

from index import Searcher, WeightedText, build_index

SHIPPED = Path(__file__).parents[2] / "corpus" / "us-israel-2023.md"

HANDBOOK = """\
# Lantern handbook

## Toolchain

Installing Go on the island takes an archive of ninety megabytes.

The pier is repaired by Will every spring.

Bring the form to HR or to IT before noon.

The OR gate of the sluice has a blue lamp.

## GET

Tells who lies at a berth.

## LET

Binds a name to a value.

## Releases

### v3.4.1

Adds the fog horn.

### v3.4.2

Removes the fog bell.

## Machines

The daemon needs python3.9 and OpenSSL1.1.

The second disk has 2TB.

The rope is 40 m long and 8mm thick.

## Options

`maxTideHeight` is given in metres.

`retry_after_seconds` counts from the last call.

The flag `--dry-run` shows what would happen.

Set FOG_HORN_VOLUME to eleven.

## Clients

`HTTPBerthClient` talks to the dock.

## Spellings

The data base is kept in the cellar.

Each user name has eight letters.

Sign-in happens at the gate with a thumb.

To set up the lamp, turn the screw twice.

Node.js serves the tide page.

The key of the Wi-Fi hangs at the door.

## Sprache

Die M\u00f6we sitzt auf der Mole und schl\u00e4ft.

Der Zoll pr\u00fcft die Gr\u00f6\u00dfe der Kisten.

Fuer Gaeste gibt es Kaffee im Schuppen.

## Errors

E4711: the keel is too deep.

E4712: the mast is too high.

Exit code 137: the stoker was sent home.

HTTP 418: the harbour has only tea.

0x8007000E: the hold is full.

## Sayings

The keeper writes: never wake the gull before noon.

Before noon the keeper never feeds a gull, and you must not wake it.

## Rules

Dogs are allowed on the north pier.

Dogs are forbidden on the south pier.

The steam crane is unavailable in winter.

The hand crane is available in winter.

There are 12 buoys in the channel.

Seven pilots live on the island.

The C++ bindings are kept by Ada.

The C# bindings are kept by Ben.

The C bindings are kept by Cleo.
"""


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    """The handbook beside the text that comes along."""
    folder = tmp_path_factory.mktemp("handbook")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "handbook.md").write_text(HANDBOOK, encoding="utf-8")
    (folder / "corpus" / SHIPPED.name).write_bytes(SHIPPED.read_bytes())
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how do I install Go?", "ninety megabytes"),
        ("who is Will?", "by Will"),
        ("where do I find IT?", "to IT"),
        ("what about the OR gate", "blue lamp"),
        ("what does GET do?", "Tells"),
        ("what does let do", "Binds"),
        ("what's new in 3.4.2", "fog bell"),
        ("changes in v3.4.1?", "fog horn"),
        ("does it need openssl 1.1?", "OpenSSL1.1"),
        ("which disk has 2 TB", "2TB"),
        ("disk with 2 terabytes", "2TB"),
        ("40m rope", "40 m"),
        ("8 mm", "8mm"),
        ("max tide height", "maxTideHeight"),
        ("max_tide_height", "maxTideHeight"),
        ("maxtideheight", "maxTideHeight"),
        ("retryAfterSeconds", "retry_after_seconds"),
        ("dryrun", "--dry-run"),
        ("berth client", "HTTPBerthClient"),
        ("fogHornVolume", "FOG_HORN_VOLUME"),
        ("where is the database", "data base"),
        ("username length", "user name"),
        ("how do I sign in", "Sign-in"),
        ("setup of the lamp", "set up the lamp"),
        ("nodejs", "Node.js"),
        ("WiFi key", "Wi-Fi"),
        ("Moewe", "M\u00f6we"),
        ("Groesse der Kisten", "Gr\u00f6\u00dfe"),
        ("Kaffee f\u00fcr G\u00e4ste", "Gaeste"),
        ("what is E4712", "mast"),
        ("exit code 137", "stoker"),
        ("error 418", "tea"),
        ("0x8007000e", "hold"),
        ('who said "never wake the gull"?', "writes"),
        ("where are dogs not allowed?", "south pier"),
        ("where are dogs allowed?", "north pier"),
        ("which crane is not available in winter?", "unavailable"),
        ("are there twelve buoys?", "12 buoys"),
        ("the 7 pilots", "Seven pilots"),
        ("who keeps the C++ bindings?", "Ada"),
        ("c sharp bindings", "Ben"),
        ("who keeps the C bindings", "Cleo"),
    ],
)
def test_answer_stands_first(searcher, question, answer):
    """However it is written, the passage that is meant is the first hit."""
    (hit,) = searcher.search([WeightedText(question)], 1)
    assert answer in hit.passage.text
