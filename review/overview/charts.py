"""What each chart of the overview shows, as values; the words are in templates/review/labels/overview.toml. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.labels import label, labels_of
from review.overview.periods import Period
from review.overview.sums import Figures, add_up, share_complete
from worker.services.measure import DECISIONS, LATER, OPEN, WAITED_DAYS

ARRIVALS = ("route", "reply_missing", "reply_password", "review", "ignore", "failed", "waiting")
ANSWER_STEPS = (60, 300, 3600, 28_800, 86_400, 259_200)
MOST_BARS = 12

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values, one a category; `name` stands in the legend, `pale` is for what is held against."""

    name: str
    values: tuple[Value, ...]
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`categories` down the side where `lies`, else along the foot; series stand on one another where `stacked`.

    `more` are series that only the table shows; `unit` is "" or "%".
    """

    slug: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    lies: bool = False
    unit: str = ""
    more: tuple[Series, ...] = ()

    @property
    def title(self) -> str:
        """Its heading."""
        return label("chart", self.slug)

    @property
    def head(self) -> str:
        """What the categories are."""
        return label("chart_head", self.slug)

    @property
    def columns(self) -> tuple[Series, ...]:
        """The table's columns of values."""
        return (*self.series, *self.more)

    @property
    def rows(self) -> list[tuple[str, list[Value]]]:
        """The table's rows."""
        return [(name, [one.values[at] for one in self.columns]) for at, name in enumerate(self.categories)]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for one in self.series for value in one.values)


@dataclass(frozen=True, slots=True)
class Data:
    """What charts are made of: a period, its days' figures, and the sums of it and of the one before.

    `gaps` days of the period are not counted yet; those before the first mail have nothing to count.
    """

    period: Period
    days: Mapping[date, Figures]
    now: Figures
    before: Figures
    gaps: int = 0


def arrivals(data: Data) -> Chart:
    """What became of the mails, by day or week."""
    columns = [add_up(_of(data, days)).get("arrivals", {}) for days in data.period.columns]
    series = tuple(
        Series(label("arrival", one), tuple(column.get(one, 0) for column in columns))
        for one in ARRIVALS
        if any(column.get(one) for column in columns) or one in ARRIVALS[:2]
    )
    return Chart("arrivals", _names(data.period), series, stacked=True)


def answers(data: Data) -> Chart:
    """How soon the first letter went out, by who wrote it."""
    kept = data.now.get("answers", {})
    names = [*(label("answered_within", step) for step in ANSWER_STEPS), label("answered_within", LATER)]
    series = tuple(Series(label("answered_by", who), _steps(kept.get(who, {}))) for who in ("worker", "staff"))
    return Chart("answers", tuple(names), series, stacked=True)


def complete(data: Data) -> Chart:
    """How many requests lacked nothing at the first mail, by day or week."""
    columns = [add_up(_of(data, days)) for days in data.period.columns]
    shares = tuple(None if (one := share_complete(column)) is None else round(one, 1) for column in columns)
    counts = tuple(
        Series(label("first_mail", word), tuple(column.get("first_mail", {}).get(word, 0) for column in columns))
        for word in ("complete", "incomplete", "review")
    )
    share = Series(label("first_mail", "share"), shares)
    return Chart("complete", _names(data.period), (share,), unit="%", more=counts)


def missing(data: Data) -> Chart:
    """What was missing or wrong most often."""
    return _compared("missing", data, lambda code: label("problem", code))


def counties(data: Data) -> Chart:
    """Requests by county."""
    return _compared("counties", data, lambda code: code or label("chart", "no_county"), most=25)


def queue(data: Data) -> Chart:
    """How long what is open has waited."""
    kept = data.now.get("queue", {})
    buckets = (*map(str, WAITED_DAYS), LATER)
    series = tuple(
        Series(label("status", status.value), tuple(kept.get(status.value, {}).get(one, 0) for one in buckets))
        for status in OPEN
    )
    return Chart("queue", tuple(label("waited", one) for one in buckets), series, stacked=True)


def decisions(data: Data) -> Chart:
    """What staff made of the worker's proposals."""
    return _compared("decisions", data, lambda code: label("decision", code), order=DECISIONS)


def rules(data: Data) -> Chart:
    """Which rules' readings staff corrected."""
    return _compared("rules", data, _rule_words)


def _rule_words(code: str) -> str:
    """What a rule said of which field, as the rule desk calls them."""
    rule, _, field = code.partition("/")
    about = labels_of("overruled_field").get(field) or label("field", field)
    said = label("chart", "reading") if rule == "reading" else label("reason", rule)
    return f"{said} – {about}" if field else said


CHARTS: dict[str, Callable[[Data], Chart]] = {
    "arrivals": arrivals,
    "answers": answers,
    "complete": complete,
    "missing": missing,
    "queue": queue,
    "decisions": decisions,
    "rules": rules,
    "counties": counties,
}


def _of(data: Data, days: tuple[date, ...]) -> list[Figures]:
    return [data.days[day] for day in days if day in data.days]


def _names(period: Period) -> tuple[str, ...]:
    """A day, or a week by its first day."""
    columns = period.columns
    are_weeks = columns[0] != (period.first,)
    return tuple(label("chart", "week" if are_weeks or len(days) > 1 else "day", day=days[0]) for days in columns)


def _steps(numbers: Mapping[str, int]) -> tuple[Value, ...]:
    """The fine buckets of the figures in the coarse ones of the chart."""
    found, below = [], 0.0
    for step in (*ANSWER_STEPS, float("inf")):
        seconds = ((float(one) if one.isdigit() else float("inf"), number) for one, number in numbers.items())
        found.append(sum(number for at, number in seconds if below < at <= step))
        below = step
    return tuple(found)


def _compared(
    name: str, data: Data, words: Callable[[str], str], *, order: tuple[str, ...] = (), most: int = MOST_BARS
) -> Chart:
    """One bar a code beside the same of the period before; the most frequent first unless `order` says otherwise."""
    now: Mapping[str, Any] = data.now.get(name, {})
    before: Mapping[str, Any] = data.before.get(name, {})
    codes = list(order) or sorted({*now, *before}, key=lambda code: (-now.get(code, 0), -before.get(code, 0), code))
    codes = [code for code in codes if now.get(code) or before.get(code)][:most]
    return Chart(
        name,
        tuple(words(code) for code in codes),
        (
            Series(label("chart", "now"), tuple(now.get(code, 0) for code in codes)),
            Series(label("chart", "before"), tuple(before.get(code, 0) for code in codes), pale=True),
        ),
        lies=True,
    )
