"""The sample mails of demo/mails/ and what is expected of each (expected.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

MAILS = Path(__file__).resolve().parent / "mails"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample mail: `about` says in a few words what it shows; `problems` is everything its reply asks for."""

    name: str
    raw: bytes
    about: str
    kind: str
    outcomes: frozenset[str]
    people: tuple[str, ...]
    problems: frozenset[str]


def load_samples() -> list[Sample]:
    """Every sample in the order of arrival; raises KeyError where mails and expectations do not match."""
    expected = tomllib.loads((MAILS / "expected.toml").read_text(encoding="utf-8"))
    paths = sorted(MAILS.glob("*.eml"))
    if [path.stem for path in paths] != sorted(expected):
        raise KeyError("demo/mails: expected.toml does not name exactly the mails beside it")
    return [_sample(path, expected[path.stem]) for path in paths]


def _sample(path: Path, row: dict[str, str | list[str]]) -> Sample:
    return Sample(
        name=path.stem,
        raw=path.read_bytes(),
        about=str(row["about"]),
        kind=str(row["kind"]),
        outcomes=frozenset(row["outcomes"]),
        people=tuple(row.get("people", ())),
        problems=frozenset(row.get("problems", ())),
    )
