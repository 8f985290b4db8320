"""Parse a list of shards such as `0,2-3`."""

import re

# More digits are a typing error; Discord's largest bots have some thousands of shards.
_PART = re.compile(r"(?P<first>[0-9]{1,6})(?:\s*-\s*(?P<last>[0-9]{1,6}))?")


def parse_shards(text: str, count: int) -> tuple[int, ...]:
    """Return the numbers that a list names, in order.

    Args:
        text: Numbers and ranges with commas between.
        count: How many shards there are in all; they are numbered from 0.

    Raises:
        ValueError: It is not such a list, names a shard twice, or names one that does not exist.
            The message says what to write.
    """
    numbers: set[int] = set()
    for part in text.split(","):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"'{text}' is not a list of shards; write one like 0,1 or 0-3")
        first, last = int(found["first"]), int(found["last"] or found["first"])
        if first > last:
            raise ValueError(f"'{part.strip()}' runs backwards; write {last}-{first}")
        if last >= count:
            raise ValueError(
                f"shard {last} does not exist; the {count} of SHARD_COUNT are 0 to {count - 1}"
            )
        named = set(range(first, last + 1))
        if twice := numbers & named:
            raise ValueError(f"it names shard {min(twice)} twice; write each once")
        numbers |= named
    return tuple(sorted(numbers))
