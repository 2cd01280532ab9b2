"""Warm up: a made-up mail is thought through before the first real one comes, which else would wait half a second.

What the rules make of the catalogue, and Jinja of the letters, is made when it is first asked for.
"""

from __future__ import annotations

import logging

from django.db import Error as DatabaseTrouble

from config.environment import Environment
from worker.services.replying import make_voice
from worker.services.thinking import load_thinking
from worker.services.trouble import describe
from worker.services.try_mail import Tried, make_raw, try_mail

HEADERS = {
    "From": "Minta Mária <minta.maria@mintafalu.hu>",
    "Message-ID": "<minta@mintafalu.hu>",
    "Subject": "Regisztrációs kérelem",
}
TEXT = """Tisztelt Cím!

Szeretnék regisztrálni.
Név: Minta Mária
PIR: 740009
Önkormányzat: Abaújszántó
E-mail cím: minta.maria@mintafalu.hu
Modul: adó szakrendszer
"""

log = logging.getLogger(__name__)


def warm_up(environment: Environment) -> Tried | None:
    """Think it through as the office would; None where the database is away or not made yet. Writes nothing."""
    voice = make_voice(environment, environment.accounts[0])
    try:
        return try_mail(make_raw({**HEADERS, "To": voice.address}, TEXT), load_thinking(), voice)
    except DatabaseTrouble as error:
        log.info("the first mail will take longer: %s", describe(error))
        return None
