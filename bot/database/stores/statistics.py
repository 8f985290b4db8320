"""How much was asked, how often it was answered, and how quickly."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, select

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import QuestionRow, VoteRow


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one day in UTC: questions, answered questions, thumbs up and down."""

    date: date
    questions: int
    answered: int
    ups: int
    downs: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures over a span of time.

    Attributes:
        questions: How many were asked, private ones among them.
        answered: How many of them got quotes, sure or hesitant ones.
        median_ms: Median time of an answer; None without a question.
        p95_ms: 95th percentile of the times; None without a question.
        ups: Thumbs up on them.
        downs: Thumbs down on them.
    """

    questions: int
    answered: int
    median_ms: float | None
    p95_ms: float | None
    ups: int
    downs: int


class StatisticsStore:
    """Counts a server's questions, or those of direct messages (None)."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def daily(self, guild_id: int | None, days: int, now: datetime) -> list[Day]:
        """Return the last `days` days up to today, days without questions included.

        Raises:
            DatabaseError: The database failed.
        """
        today = now.astimezone(UTC).date()
        dates = [today - timedelta(days=back) for back in reversed(range(days))]
        asked = QuestionRow.guild_id == guild_id, QuestionRow.day.between(dates[0], today)
        counts = (
            select(QuestionRow.day, func.count(), _answered())
            .where(*asked)
            .group_by(QuestionRow.day)
        )
        thumbs = (
            select(QuestionRow.day, _thumbs(1), _thumbs(-1))
            .join(VoteRow, VoteRow.question_id == QuestionRow.id)
            .where(*asked)
            .group_by(QuestionRow.day)
        )
        async with self._sessions.reading() as session:
            counted = {row[0]: (row[1], row[2]) for row in await session.execute(counts)}
            voted = {row[0]: (row[1], row[2]) for row in await session.execute(thumbs)}
        nothing = 0, 0
        return [Day(d, *counted.get(d, nothing), *voted.get(d, nothing)) for d in dates]

    async def summary(self, guild_id: int | None, since: datetime) -> Summary:
        """Summarise the questions since a time.

        Raises:
            DatabaseError: The database failed.
        """
        asked = QuestionRow.guild_id == guild_id, QuestionRow.asked_at >= since
        counts = select(func.count(), func.coalesce(_answered(), 0)).where(*asked)
        thumbs = (
            select(func.coalesce(_thumbs(1), 0), func.coalesce(_thumbs(-1), 0))
            .select_from(VoteRow)
            .join(QuestionRow, VoteRow.question_id == QuestionRow.id)
            .where(*asked)
        )
        async with self._sessions.reading() as session:
            questions, answered = (await session.execute(counts)).one()
            ups, downs = (await session.execute(thumbs)).one()
            times = list(await session.scalars(_times(*asked)))
        median_ms, p95_ms = (times[0], times[-1]) if times else (None, None)
        return Summary(questions, answered, median_ms, p95_ms, ups, downs)


def _answered() -> ColumnElement[int]:
    return func.sum(case((QuestionRow.outcome == "nothing_found", 0), else_=1))


def _thumbs(value: int) -> ColumnElement[int]:
    return func.sum(case((VoteRow.value == value, 1), else_=0))


def _times(*asked: ColumnElement[bool]) -> Select[float]:
    """Select the median and the 95th percentile, ascending, by nearest rank; one row if equal."""
    ranked = (
        select(
            QuestionRow.milliseconds,
            func.row_number().over(order_by=QuestionRow.milliseconds).label("rank"),
            func.count().over().label("total"),
        )
        .where(*asked)
        .subquery()
    )
    # Nearest rank: the percentage of the total, rounded up, in integers.
    ranks = [(ranked.c.total * percent + 99) // 100 for percent in (50, 95)]
    return select(ranked.c.milliseconds).where(ranked.c.rank.in_(ranks)).order_by(ranked.c.rank)
