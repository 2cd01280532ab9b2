"""Cases 1 to 7: kill -9 exactly where it matters, then a start in good order."""

from __future__ import annotations

import pytest

from tests.faults.world import World
from tests.servers.mails import make_mails
from tests.servers.standin import make_mail
from worker.crash_points import POINTS, VARIABLE

NUMBER = 16


def test_case_01_killed_after_fetch_before_commit(world: World) -> None:
    """No row is there; the mails are fetched again."""
    world.deliver(make_mails(NUMBER))
    for point in ("poll.fetched", "poll.storing"):
        world.die_at(point)
        assert world.product.count("worker_mail", "true") == 0
    world.drain()
    world.check()


def test_case_02_killed_after_commit_before_anybody_was_told(world: World) -> None:
    """The rows are there, no bell rang: the sweep finds them."""
    world.deliver(make_mails(NUMBER))
    world.die_at("poll.stored")
    assert world.product.count("worker_mail", "state = 'stored'") == NUMBER
    world.drain()
    world.check()


def test_case_03_killed_while_parsing_three_times(world: World) -> None:
    """The attempt is counted before; the mail that was in work at the third death is parked, the others go on."""
    world.deliver(make_mails(NUMBER))
    world.die_at("decide.parsing", 3)
    assert world.product.count("worker_mail", "attempts = 1") == NUMBER, "claimed together"
    for attempt in (2, 3):
        world.die_at("decide.parsing")
        assert world.product.count("worker_mail", f"attempts = {attempt}") == 1, "alone, so that it takes nobody along"
    world.drain()
    world.check(failed=1)
    assert world.product.query("SELECT failure FROM worker_mail WHERE state = 'failed'") == [("died",)]


@pytest.mark.parametrize("point", ["decide.written", pytest.param("deliver.claimed", marks=pytest.mark.long)])
def test_case_04_killed_after_the_decision_before_smtp(world: World, point: str) -> None:
    world.deliver(make_mails(NUMBER))
    world.die_at(point)
    assert not world.sink.accepted
    world.drain()
    world.check()


def test_case_05_killed_before_data(world: World) -> None:
    """The server knew sender and recipients, and nothing was to be doubted yet."""
    world.deliver(make_mails(NUMBER))
    world.die_at("deliver.introduced", 2)
    assert len(world.sink.accepted) == 1
    world.drain()
    world.check()


@pytest.mark.parametrize("point", [pytest.param("deliver.data_started", marks=pytest.mark.long), "deliver.dot_sent"])
def test_case_06_killed_between_data_and_its_answer(world: World, point: str) -> None:
    """Nobody can know whether it went out: never sent again, a person decides."""
    world.deliver(make_mails(NUMBER))
    world.die_at(point)
    world.drain()
    world.check(uncertain=1)
    assert world.product.count("worker_event", "verb = 'uncertain'") == 1


def test_case_07_killed_after_the_answer_before_it_was_recorded(world: World) -> None:
    world.deliver(make_mails(NUMBER))
    world.die_at("deliver.answered")
    accepted = len(world.sink.accepted)
    assert accepted >= 1
    world.drain()
    world.check(uncertain=1)


COVERED = {"poll.fetched", "poll.storing", "poll.stored", "decide.parsing", "decide.written", "deliver.claimed",
           "deliver.introduced", "deliver.data_started", "deliver.dot_sent", "deliver.answered"}  # fmt: skip
OTHERS = sorted(set(POINTS) - COVERED - {"copy.missing", "copy.added"})
NEVER_TWICE = {("file.claimed", 2)}  # a backlog is filed at once


@pytest.mark.long
@pytest.mark.parametrize(
    ("point", "times"), [(point, times) for point in OTHERS for times in (1, 2) if (point, times) not in NEVER_TWICE]
)
def test_killed_at_every_other_point(world: World, point: str, times: int) -> None:
    """Another process, or thread, may be in the middle of DATA as all are killed."""
    world.deliver(make_mails(60))
    if times > 1 and point in ("decide.claimed", "poll.told", "file.recorded"):
        world.deliver([make_mail("x", f"more{number}") for number in range(60)])
    world.die_at(point, times)
    world.drain()
    world.check(uncertain=None)


@pytest.mark.long
def test_killed_at_one_point_after_the_other(world: World) -> None:
    """A life of deaths: a new delivery for each, and a start in good order after every second."""
    for position, point in enumerate(point for point in OTHERS if point != "deliver.recorded"):
        world.deliver([make_mail("Kerdes", f"{position}.{number}") for number in range(3)])
        world.die_at(point)
        if position % 2:
            world.drain()  # a third death in a row would park what is in work
    world.drain()
    world.check()


def test_optimised_there_are_no_crash_points(world: World) -> None:
    """As in our image: `python -O` knows none, and works."""
    world.deliver(make_mails(8))
    world.product.variables |= {"PYTHONOPTIMIZE": "1", VARIABLE: "decide.parsing"}
    done = world.product.command("poll", "--once")
    assert (done.returncode, done.stdout) == (0, "taken in 8, filed 8\n"), done.stderr
    world.check()
