"""The task that works at the portal. Rung by the page and by the clock; doubled it does no harm."""

from __future__ import annotations

from django.conf import settings

from config.catalogue import load_catalogue
from config.celery import app
from registry.moodle.turn import is_turn_due, take_turn
from worker.services.desk import TURN_S
from worker.tasks.bell import ring
from worker.tasks.work import process, told


@app.task(name="hand_over")  # type: ignore[untyped-decorator]  # celery ships no types
def hand_over() -> None:
    """Hand over for a while what is due, then let the letters go; what is left gets its next turn."""
    moodle = settings.ASPOKTATAS.moodle
    with told():
        if not is_turn_due(moodle):
            return
        if take_turn(moodle, load_catalogue(), for_s=TURN_S):
            ring(process)
        if is_turn_due(moodle):
            ring(hand_over)
