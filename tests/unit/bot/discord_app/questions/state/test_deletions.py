"""What was deleted while questions were under way."""

from bot.discord_app.questions.state.deletions import (
    DeletedMessage,
    DeletedPerson,
    Deletions,
)


def test_many_deleted_messages_hide_no_deleted_person():
    """Each kind is remembered for itself."""
    deletions = Deletions()
    deletions.note(DeletedPerson("ada"))
    for message_id in range(20_000):
        deletions.note(DeletedMessage(message_id))
    assert deletions.includes_any([DeletedPerson("ada")])
    assert deletions.includes_any([DeletedPerson(None)])
    assert not deletions.includes_any([DeletedPerson("ben")])
    assert not deletions.includes_any([DeletedPerson("ada")], since=1)
    assert deletions.includes_any([DeletedMessage(19_999)])
    assert not deletions.includes_any([DeletedMessage(5)])
