"""Words that a question negates, and their opposites: "not open" asks for "closed"."""

from collections.abc import Callable, Sequence

_NEGATIONS = frozenset(
    "not no never cannot cant isnt arent wasnt werent dont doesnt didnt wont hasnt havent".split()
)

# Words that may stand between a negation and what it negates.
_BETWEEN = frozenset("be been being yet always ever really fully currently to the a".split())
_MAX_BETWEEN = 2

# Everyday opposites; what a prefix such as "un" negates is not listed.
_OPPOSITES = """
    open: closed shut
    closed shut: open
    allowed permitted: forbidden prohibited banned
    forbidden prohibited banned: allowed permitted
    enabled: disabled off
    disabled: enabled on
    working: broken
    broken: working intact
    alive living: dead
    dead: alive living
    full: empty
    empty: full
    free: paid occupied
    public: private
    private: public
    present: absent missing
    absent missing: present
    required mandatory: optional
    optional: required mandatory
    included: excluded
    excluded: included
    accepted: rejected refused
    rejected refused: accepted
    safe: dangerous unsafe
    dangerous: safe harmless
    true: false
    false: true
    guilty: innocent
    successful: failed
    online: offline
    offline: online
    visible: hidden invisible
    hidden: visible
    temporary: permanent
    permanent: temporary
    finished complete: unfinished incomplete
    deprecated: supported
    married: single
    sober: drunk
""".strip()
_OPPOSITE_OF = {
    word: tuple(right.split())
    for line in _OPPOSITES.splitlines()
    for left, right in [line.split(":")]
    for word in left.split()
}
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")


def negated(tokens: Sequence[str]) -> set[str]:
    """Return the words of a question that stand behind a negation ("not yet open")."""
    found = set()
    for start, token in enumerate(tokens):
        if token in _NEGATIONS:
            behind = tokens[start + 1 : start + 2 + _MAX_BETWEEN]
            word = next((one for one in behind if one not in _BETWEEN), None)
            if word is not None:
                found.add(word)
    return found


def opposites(word: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the opposites of a word that the texts hold; may be empty."""
    with_prefix = (prefix + word for prefix in _PREFIXES)
    return tuple(one for one in (*_OPPOSITE_OF.get(word, ()), *with_prefix) if knows(one))
