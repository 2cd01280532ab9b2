"""The demo's table in a terminal: one line a mail however narrow, the newest where not all fit."""

from __future__ import annotations

import pytest
from rich.console import Console, ConsoleDimensions

from demo.ledger import Fate
from demo.postman import Arrival
from demo.screen import Signpost, live_view, table

POST = Signpost("http://127.0.0.1:8000/", "demo", "jelszó", "valaszok", "bejovo")
ARRIVALS = [Arrival(f"09:00:{number:02}", f"minta-{number}", str(number)) for number in range(30)]
FATES = {
    "28": Fate("28", "a@b.hu", "t", "stored", "", (), (), (), "", "", None),
    "29": Fate(
        *("29", "anna@b.hu", "t", "filed", "registration", ("reply",)),
        *((("Kovács Anna", "incomplete"), ("", "incomplete")), ("pir_missing",), "sent", "ASP-hianyos", 41),
    ),
}


def printed(width: int, left: int = 0) -> list[str]:
    console = Console(width=width, height=24)
    with console.capture() as capture:
        console.print(live_view(POST, ARRIVALS, FATES, left, ConsoleDimensions(width, 24)))
    return [line.rstrip() for line in capture.get().split("\n")]


@pytest.mark.parametrize("width", [60, 80, 119, 120, 200])
def test_the_newest_stand_in_a_line_each(width: int) -> None:
    lines = printed(width)
    shown = [line for line in lines if line.strip().startswith("09:00:")]
    assert shown[-1].strip().startswith("09:00:29")
    assert 3 <= len(shown) < len(ARRIVALS)
    assert max(map(len, lines)) <= width
    assert len(lines) <= 24 + 1


def test_what_waits_and_what_became_of_the_others() -> None:
    text = "\n".join(printed(200))
    assert [word in text for word in ("waiting", "stored", "Kovács Anna", "ASP-hianyos", "a@b.hu")].count(True) >= 4
    assert "all sample mails have arrived" in text
    assert "3 more sample mails are coming" in "\n".join(printed(200, left=3))


def test_on_paper_all_of_them_and_whole() -> None:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(table(ARRIVALS, FATES))
    assert capture.get().count("09:00:") == len(ARRIVALS)
