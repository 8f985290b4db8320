"""How a condition becomes figures."""

from dataclasses import replace

from bot.operations.health.gauges import HealthGauges
from bot.operations.health.metrics import Metrics
from tests.support.health_page import WELL, figure


def test_condition_becomes_figures():
    """New figures replace the former ones."""
    metrics = Metrics()
    figures = HealthGauges(metrics.registry)
    figures.show(replace(WELL, database_problem="it is locked"))
    assert figure(metrics, "pullquote_database_failing") == 1
    figures.show(WELL)
    assert figure(metrics, "pullquote_database_failing") == 0
    assert figure(metrics, "pullquote_healthy") == 1
    assert figure(metrics, "pullquote_index_passages") == 40
