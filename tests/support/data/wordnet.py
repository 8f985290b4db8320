"""Write a WordNet of a dozen words in the format of Princeton's database, as NLTK reads it."""

from pathlib import Path

# Synset, its part of speech, its words, its pointers: symbol, synset, word to word (or all: 0000).
_SYNSETS = [
    ("craft", "n", ["craft"], [("~", "boat", "0000")]),
    ("boat", "n", ["boat", "vessel"], [("@", "craft", "0000"), ("~", "trawler", "0000")]),
    ("trawler", "n", ["trawler", "fishing_boat"], [("@", "boat", "0000")]),
    ("angler", "n", ["angler"], [("+", "angle", "0101")]),
    ("angle", "v", ["angle", "fish"], [("+", "angler", "0101")]),
    # "trawler" has three senses, and the third, a person, counts no more.
    ("ship", "n", ["trawler", "ship"], []),
    ("fisherman", "n", ["trawler", "fisherman"], []),
]
_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_LEXICOGRAPHER_FILES = ("adj.all", "noun.artifact", "verb.contact")
_LICENCE = "  1 WordNet 3.0 Copyright: made up for the tests\n"


def write_wordnet(nltk_data: Path) -> Path:
    """Write the database below a folder that NLTK_DATA may name; return its folder."""
    folder = nltk_data / "corpora" / "wordnet"
    folder.mkdir(parents=True)
    for name in ("cntlist.rev", "index.sense"):
        (folder / name).write_text("")
    numbered = enumerate(_LEXICOGRAPHER_FILES)
    (folder / "lexnames").write_text("".join(f"{n:02d}\t{name}\t1\n" for n, name in numbered))
    offsets = _offsets()
    for letter, name in _FILES.items():
        synsets = [synset for synset in _SYNSETS if synset[1] == letter]
        data = _LICENCE + "".join(_line(synset, offsets) for synset in synsets)
        (folder / f"data.{name}").write_text(data)
        (folder / f"index.{name}").write_text(_LICENCE + _index(synsets, letter, offsets))
        (folder / f"{name}.exc").write_text("")
    return folder


def _offsets() -> dict[str, int]:
    """Return the byte at which each synset's line begins; an offset has always eight digits."""
    unknown = dict.fromkeys((synset[0] for synset in _SYNSETS), 0)
    ends = dict.fromkeys(_FILES, len(_LICENCE))
    offsets = {}
    for synset in _SYNSETS:
        offsets[synset[0]] = ends[synset[1]]
        ends[synset[1]] += len(_line(synset, unknown))
    return offsets


def _line(synset, offsets):
    name, letter, words, pointers = synset
    parts_of_speech = {one[0]: one[1] for one in _SYNSETS}
    to = [f"{s} {offsets[t]:08d} {parts_of_speech[t]} {which}" for s, t, which in pointers]
    fields = [f"{offsets[name]:08d}", "01", letter, f"{len(words):02x}"]
    fields += [f"{word} 0" for word in words] + [f"{len(to):03d}", *to]
    frames = ["01", "+ 02 00"] if letter == "v" else []
    return " ".join([*fields, *frames, "| made up"]) + "\n"


def _index(synsets, letter, offsets):
    senses: dict[str, list[str]] = {}
    for name, _, words, _ in synsets:
        for word in words:
            senses.setdefault(word, []).append(f"{offsets[name]:08d}")
    return "".join(
        f"{word} {letter} {len(found)} 0 {len(found)} 0 {' '.join(found)}\n"
        for word, found in sorted(senses.items())
    )
