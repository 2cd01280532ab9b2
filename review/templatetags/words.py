"""Codes as words, moments as ages, links that keep the list's filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.contrib.messages.storage.base import Message
from django.utils.timesince import timesince
from django.utils.timezone import localtime, now

from review.knowledge import get_module_names
from review.labels import label as find_label
from review.navigation import MENU, OWN, Entry
from staff.access import role_of
from worker.models import Event

VOWELS = frozenset("aáeéiíoóöőuúüű")

register = template.Library()


@dataclass(frozen=True, slots=True)
class UndoTarget:
    """An event of the registration `pk` that may be taken back, `together` with what was done to others with it."""

    pk: int
    event: int
    together: bool


@register.simple_tag
def label(group: str, code: object, **facts: Any) -> str:
    """`{% label "done" "approved" name=… %}`; auto-escaped."""
    return find_label(group, code, **facts)


@register.filter
def word(code: object, group: str) -> str:
    """`{{ code|word:"problem" }}`."""
    return find_label(group, code)


@register.filter
def detail(value: str, name: str) -> str:
    """The value of a finding's detail: a word of the label group "detail_…" where it is a code, else as it stands."""
    return find_label(f"detail_{name}", value)


@register.filter
def module_names(text: str, field: str) -> str:
    """ProBono identifiers as short names where `field` is the modules; other texts as they are."""
    if field != "modules":
        return text
    return ", ".join(get_module_names().get(one, one) for one in str(text).split())


@register.filter
def undo_target(message: Message) -> UndoTarget | None:
    """What a message offers to take back: its extra tag is "undo-12-3" or "undo_all-12-3" (registration, event)."""
    kind, _, rest = (message.extra_tags or "").partition("-")
    pk, _, event = rest.partition("-")
    if kind not in {"undo", "undo_all"} or not (pk.isdigit() and event.isdigit()):
        return None
    return UndoTarget(int(pk), int(event), together=kind == "undo_all")


@register.filter
def at(values: Mapping[int, Any], key: int) -> Any:
    """`{{ values|at:key }}`; None where it is not there."""
    return values.get(key)


@register.filter
def person(user: User | None) -> str:
    """A member of staff in Hungarian order, or the login where no name is known; "" for nobody."""
    if user is None:
        return ""
    return f"{user.last_name} {user.first_name}".strip() or user.get_username()


@register.filter
def role(user: User) -> str:
    """The code of the person's role, "" where they have none."""
    return role_of(user) or ""


@register.filter
def moment(text: str) -> datetime | None:
    """A moment that an event's details keep as text; None where it is none."""
    try:
        return localtime(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return None


@register.filter
def undone_verb(pk: int, events: Sequence[Event] | None) -> str:
    """What the event with this key had done, where it is among `events`."""
    return next((event.verb for event in events or () if event.pk == pk), "")


@register.simple_tag
def menu(can: frozenset[str]) -> list[Entry]:
    """The pages of the main menu that a person with these abilities may open."""
    return [entry for entry in MENU if entry.ability.value in can]


@register.simple_tag
def own_menu(can: frozenset[str]) -> list[Entry]:
    """The pages of the menu under the person's name."""
    return [entry for entry in OWN if entry.ability.value in can]


@register.filter
def article(name: str) -> str:
    """The Hungarian definite article that stands before `name`."""
    return "az" if name[:1].lower() in VOWELS else "a"


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago, in one unit; less than a minute is "now", as nobody says "0 minutes"."""
    if moment is None:
        return ""
    return "most" if now() - moment < timedelta(minutes=1) else timesince(moment, depth=1)
