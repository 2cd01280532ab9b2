"""Reading alone, by kind of mail, and where its time goes: `python -m bench.kinds [--rounds N] [--flame FILE]`.

Parse and rules on one core in CPU time; prints JSON. "corpora": the labelled mails of tests/mails, and where they lie
there those of ../shared, each with mails a second and the slowest; "kinds": all of them by what they carry. The flame
graph is of samples of CPU time over the first corpus.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.flame import draw_flame, sample
from config.catalogue import load_catalogue
from rules.catalogue import Catalogue
from rules.chain import decide
from rules.model import Kind, Message, Verdict
from worker.intake.parse import parse_message

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CORPORA = {
    "corpus": SHARED / "corpus" / "mails",
    "labelled": ROOT / "tests" / "mails",
    "public": SHARED / "public-mails",
}
CARRIED = {  # what a content type holds → what the mail counts as; the first that is found
    "spreadsheet": ("spreadsheet", "excel", "csv"),
    "document (DOCX, DOC, ODT, RTF)": ("word", "opendocument.text", "rtf"),
    "PDF": ("pdf",),
    "another mail": ("message/rfc822", "ms-outlook"),
    "picture": ("image/",),
    "other file": ("application/",),
    "HTML": ("text/html",),
}
FLAME_ROUNDS = 15


@dataclass(frozen=True)
class Reading:
    """CPU seconds of one mail, medians of the rounds."""

    name: str
    kind: str
    parse: float
    rules: float

    @property
    def whole(self) -> float:
        """Parse and rules together."""
        return self.parse + self.rules


def read_corpora() -> dict[str, dict[str, bytes]]:
    """By corpus the mails by file name; only corpora that are there."""
    return {
        title: {path.name: path.read_bytes() for path in sorted(folder.rglob("*.eml"))}
        for title, folder in CORPORA.items()
        if folder.is_dir()
    }


def measure(mails: Mapping[str, bytes], catalogue: Catalogue, rounds: int) -> list[Reading]:
    """Each mail `rounds` times, after one round that warms up."""
    return [_measure_one(name, raw, catalogue, rounds) for name, raw in mails.items()]


def _measure_one(name: str, raw: bytes, catalogue: Catalogue, rounds: int) -> Reading:
    message = parse_message(raw)
    verdict = decide(message, catalogue)
    parse, rules = [], []
    for _ in range(rounds):
        begun = time.process_time()
        message = parse_message(raw)
        parsed = time.process_time()
        verdict = decide(message, catalogue)
        rules.append(time.process_time() - parsed)
        parse.append(parsed - begun)
    return Reading(name, kind_of(message, verdict), statistics.median(parse), statistics.median(rules))


def kind_of(message: Message, verdict: Verdict) -> str:
    """What the mail carries, or that a machine wrote it."""
    if verdict.kind is Kind.AUTOMATIC:
        return "automatic"
    types = " ".join(message.content_types).lower()
    return next((kind for kind, words in CARRIED.items() if any(word in types for word in words)), "plain text")


def figures(readings: Sequence[Reading]) -> dict[str, Any]:
    """Number, mails a second, milliseconds (median of parsing and of rules, p95 and worst of both), the slowest."""
    times = sorted(one.whole * 1000 for one in readings)
    return {
        "n": len(readings),
        "rate": len(readings) / sum(one.whole for one in readings),
        "parse": statistics.median(one.parse for one in readings) * 1000,
        "rules": statistics.median(one.rules for one in readings) * 1000,
        "p95": times[min(len(times) - 1, int(len(times) * 0.95))],
        "worst": times[-1],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flame", type=Path, metavar="FILE", help="an SVG")
    options = parser.parse_args()
    begun = time.perf_counter()
    catalogue = load_catalogue()
    found: dict[str, Any] = {"catalogue_s": time.perf_counter() - begun}
    corpora = read_corpora()
    readings = {title: measure(mails, catalogue, options.rounds) for title, mails in corpora.items()}
    found["corpora"] = {title: figures(ones) for title, ones in readings.items()}
    everything = [one for ones in readings.values() for one in ones]
    kinds = {kind: [one for one in everything if one.kind == kind] for kind in ("plain text", "automatic", *CARRIED)}
    found["kinds"] = {kind: figures(ones) for kind, ones in kinds.items() if ones}
    if options.flame:
        first = list(next(iter(corpora.values())).values())
        stacks = sample(lambda: [decide(parse_message(raw), catalogue) for raw in first * FLAME_ROUNDS])
        draw_flame(stacks, "Reading: parse and rules, CPU time", options.flame)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
