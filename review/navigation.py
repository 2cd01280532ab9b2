"""The main menu: which pages stand in it, in which order, and what each asks of a person."""

from __future__ import annotations

from dataclasses import dataclass

from staff.roles import Ability


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu: its address's name in config.urls (its words: the label group "menu") and its ability."""

    page: str
    ability: Ability


MENU = (
    Entry("queue", Ability.VIEW),
    Entry("handover", Ability.HAND_OVER),
    Entry("directories", Ability.VIEW),
    Entry("ruledesk", Ability.TRY_RULES),
    Entry("preview", Ability.VIEW),
    Entry("overview", Ability.VIEW),
    Entry("privacy", Ability.PRIVACY),
    Entry("people", Ability.PEOPLE),
    Entry("log", Ability.LOG),
)

# What concerns the person alone stands in the menu under their name.
OWN = (Entry("own-account", Ability.ENTER), Entry("devices", Ability.ENTER), Entry("password", Ability.ENTER))
