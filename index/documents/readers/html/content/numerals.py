"""The letters and Roman numerals that number the items of lists."""

_NUMERALS = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MAX_NUMERAL = 3999


def written_number(number: int, form: str) -> str:
    """Return a number as letters ("a" or "A"), as a numeral ("i" or "I"), or as digits."""
    if form in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, position = divmod(number - 1, 26)
            letters = chr(ord(form) + position) + letters
        return letters
    if form in ("i", "I") and 0 < number <= _MAX_NUMERAL:
        numeral = ""
        for value, sign in _NUMERALS:
            count, number = divmod(number, value)
            numeral += sign * count
        return numeral if form == "i" else numeral.upper()
    return str(number)
