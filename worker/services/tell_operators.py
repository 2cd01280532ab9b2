"""Tell the operators of alarms: one letter straight to the SMTP server, in words of templates/alarms/."""

from __future__ import annotations

import logging
import re
import socket
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined, Template

from worker.mail.outcome import Result
from worker.mail.smtp import Sender
from worker.replies.rendering import wrap_text
from worker.services.alarms import AT_A_MAILBOX, News

SUFFIX = re.compile(r"_[2-9]\Z")  # of an alarm about one mailbox
NO_PLACES: Mapping[str, str] = MappingProxyType({})
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "alarms"

log = logging.getLogger(__name__)


@lru_cache
def load_words(folder: Path = TEMPLATES) -> dict[str, dict[str, str]]:
    """Name, finding and advice of every alarm."""
    words: dict[str, Any] = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    return words


@lru_cache
def load_template(name: str, folder: Path = TEMPLATES) -> Template:
    """The template of the letter's text or subject: plain text, written by ourselves."""
    text = (folder / name).read_text("utf-8")
    template: Template = Template(text, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return template


def tell_operators(
    news: News, sender: Sender | None, address: str, recipients: tuple[str, ...], places: Mapping[str, str] = NO_PLACES
) -> bool:
    """Send one letter about `news`; whether it was accepted, or nobody is to be told.

    `places` are the names of the mailboxes by their suffix, where they are several.
    """
    if not recipients:
        return True
    if sender is None:
        return False
    letter = write_letter(news, address, recipients, places)
    delivery = sender.send(address, recipients, letter.as_bytes(policy=SMTP), lambda: None)
    if delivery.result is not Result.ACCEPTED:
        trouble = "the server is in trouble" if delivery.server_trouble else "the letter is refused"
        log.error("the alarm could not be told by mail: %s", trouble)  # the server's words may hold an address
    return delivery.result is Result.ACCEPTED


def write_letter(
    news: News, address: str, recipients: tuple[str, ...], places: Mapping[str, str] = NO_PLACES
) -> EmailMessage:
    """The letter; nobody's data is in it."""
    text = load_template("letter.txt").render(
        raised=[_worded(name, figure, places) for name, figure in news.raised.items()],
        lasting=[_worded(name, figure, places) for name, figure in news.lasting.items()],
        cleared=[_worded(name, "", places) for name in news.cleared],
        host=socket.gethostname(),
    )
    names = [*news.raised, *news.lasting] or list(news.cleared)
    first = _worded(names[0], "", places)["name"]
    letter = EmailMessage(policy=SMTP)
    letter["From"] = address
    letter["To"] = ", ".join(recipients)
    letter["Subject"] = load_template("subject.txt").render(
        lasts=bool(news.raised or news.lasting), name=first, more=len(names) - 1
    )
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(wrap_text(text), cte="quoted-printable")
    return letter


def _worded(name: str, figure: str, places: Mapping[str, str]) -> dict[str, str]:
    """The words of an alarm; `place` is the mailbox that it is about, "" where there is but one or it is about all."""
    base = SUFFIX.sub("", name)
    words = load_words().get(base) or dict.fromkeys(("name", "found", "todo"), base)  # raised by another release
    place = places.get(name.removeprefix(base), "") if base in AT_A_MAILBOX else ""
    return {"name": words["name"], "found": words["found"].format(figure=figure), "todo": words["todo"], "place": place}
