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
    assert deletions.include([DeletedPerson("ada")])
    assert deletions.include([DeletedPerson(None)])
    assert not deletions.include([DeletedPerson("ben")])
    assert not deletions.include([DeletedPerson("ada")], since=1)
    assert deletions.include([DeletedMessage(19_999)])
    assert not deletions.include([DeletedMessage(5)])
