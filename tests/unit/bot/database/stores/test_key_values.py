"""Single values under names: kept, listed, removed."""


def test_facts_are_listed_by_the_beginning_of_their_names(on_database):
    """Signs that SQL reads as patterns stand for themselves, and capitals are others."""

    async def play(database, _):
        for key in ("a_1", "a_2", "ab3", "A_4", "a%5"):
            await database.key_values.put(key, key.upper())
        assert await database.key_values.starting_with("a_") == {"1": "A_1", "2": "A_2"}
        assert await database.key_values.starting_with("a%") == {"5": "A%5"}
        assert await database.key_values.starting_with("b") == {}

    on_database(play)


def test_removed_fact_is_gone(on_database):
    """Removing what is not there is no error."""

    async def play(database, _):
        await database.key_values.put("a", "1")
        for _ in range(2):
            await database.key_values.remove("a")
            assert await database.key_values.get("a") is None

    on_database(play)


def test_facts_are_kept_under_their_names(on_database):
    """A value is None before it is put, and then what was put last."""

    async def play(database, _):
        assert await database.key_values.get("commands") is None
        await database.key_values.put("commands", "abc")
        await database.key_values.put("commands", "def")
        await database.key_values.put("other", "")
        assert await database.key_values.get("commands") == "def"
        assert await database.key_values.get("other") == ""

    on_database(play)
