"""The pure parts that a decision is made of, as one value handed in: tests hand in others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from registry.directory import extend_catalogue
from rules.catalogue import Catalogue
from rules.model import Context, Message, Verdict


@dataclass(frozen=True, slots=True)
class Thinking:
    """bytes → Message → Verdict → what the ledger keeps of it."""

    parse: Callable[[bytes], Message]
    decide: Callable[[Message, Catalogue, Context], Verdict]
    dump: Callable[[Verdict], dict[str, Any]]
    catalogue: Catalogue


def load_thinking() -> Thinking:
    """The product's own; the catalogue is read from its files once a process."""
    # Only who decides needs them: the watcher and `status` start without lxml, rapidfuzz and 3,000 settlements.
    from config.catalogue import load_catalogue  # noqa: PLC0415
    from rules.chain import decide  # noqa: PLC0415
    from worker.intake.parse import parse_message  # noqa: PLC0415
    from worker.services.verdicts import dump_verdict  # noqa: PLC0415

    return Thinking(parse_message, decide, dump_verdict, load_catalogue())


_last_extended: list[tuple[Context, Catalogue, Catalogue]] = []


def extend(thinking: Thinking, context: Context) -> Thinking:
    """`thinking` with the imported settlements and staff's words; made again only when a directory changed, as
    `context` is then (registry.directory.load_context)."""
    for known_context, known, extended in _last_extended:
        if known_context is context and known is thinking.catalogue:
            return replace(thinking, catalogue=extended)
    extended = extend_catalogue(thinking.catalogue)
    _last_extended[:] = [(context, thinking.catalogue, extended)]
    return replace(thinking, catalogue=extended)
