"""A turn of the worker at the portal: what is due is handed over, and whose letters are due are told."""

from __future__ import annotations

from config.moodle import MoodleSettings
from registry.moodle.letters import is_telling_due, tell_finished
from registry.moodle.portal import open_portal
from registry.moodle.work import is_due, work
from rules.catalogue import Catalogue
from worker.services.notify import Scribe


def is_turn_due(settings: MoodleSettings) -> bool:
    """Whether there is anything to do, and a portal to do it at."""
    return settings.service is not None and (is_due() or is_telling_due())


def take_turn(settings: MoodleSettings, catalogue: Catalogue, *, for_s: float, scribe: Scribe | None = None) -> int:
    """Hand over for about so many seconds; returns how many letters were looked after."""
    if settings.service is None:
        return 0
    with open_portal(settings) as portal:
        work(portal, catalogue, settings.courses, for_s=for_s)
    return tell_finished(scribe)
