"""What a running bot notes of its own condition."""

from unittest.mock import Mock

from bot.config.settings import Settings
from bot.database import Database, Pseudonyms
from bot.discord_app.context.runtime import Runtime
from bot.operations.health.gauges import HealthGauges
from bot.operations.health.metrics import Metrics
from bot.operations.health.monitor import Monitor
from index import LiveSearcher
from tests.support.health_page import figure


def test_condition_of_a_bot_tells_of_damage_and_lost_locks_until_they_are_mended(harbour_index):
    """The page and the figures follow what was noted last."""
    monitor, metrics = Monitor(LiveSearcher(harbour_index)), Metrics()
    figures = HealthGauges(metrics.registry)
    names = ("pullquote_index_damaged", "pullquote_shards_unlocked")
    for damage, problem in (("a byte is wrong", "it is gone"), (None, None)):
        monitor.note_damage(damage)
        monitor.note_locks(problem)
        status = monitor.status()
        figures.show(status)
        assert status.problems == []
        wanted = [reason for reason in (damage, problem) if reason]
        assert [line.rpartition(": ")[2] for line in status.complaints] == wanted
        assert [figure(metrics, name) for name in names] == [bool(damage), bool(problem)]


def test_condition_of_a_bot_tells_of_a_database_that_is_not_open(harbour_index, tmp_path):
    """The complaint is there before any question needs the database."""
    monitor = Monitor(LiveSearcher(harbour_index))
    assert monitor.status().complaints == []
    database = Mock(Database, problem="it is damaged", settings=None)
    settings = Settings.from_mapping({"DATA_DIR": str(tmp_path)})
    Runtime.make(settings, database, Pseudonyms(b"k" * 32), monitor)
    assert monitor.status().complaints == ["answering without the database: it is damaged"]
