"""Who may do what: four roles, each with the abilities of the one before it and its own."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a member of staff is."""

    READER = "reader"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"


class Ability(models.TextChoices):
    """What a page may ask of whoever opens it."""

    ENTER = "enter"  # being logged in is enough: own password, own devices, help
    VIEW = "view"  # lists, cases, mails, directories, overview
    DECIDE = "decide"  # approve, correct, reject, ask, link, assign, note, release a letter
    TRY_RULES = "try_rules"  # paste a mail and see its verdict
    HAND_OVER = "hand_over"  # files and web service calls for the portal
    SWITCH = "switch"  # stop and resume all replies, release a held folder, retry all of the quarantine
    DIRECTORIES = "directories"  # import and correct municipalities, clerks, accounts
    REPLAY = "replay"  # decide stored mails again, see what would change
    LOG = "log"  # who saw and did what
    PEOPLE = "people"  # invite, change roles, lock out
    PRIVACY = "privacy"  # a person's data: show, export, erase; retention


_OWN: dict[Role, frozenset[Ability]] = {
    Role.READER: frozenset({Ability.ENTER, Ability.VIEW}),
    Role.REVIEWER: frozenset({Ability.DECIDE, Ability.TRY_RULES, Ability.HAND_OVER}),
    Role.LEAD: frozenset({Ability.SWITCH, Ability.DIRECTORIES, Ability.REPLAY, Ability.LOG}),
    Role.ADMINISTRATOR: frozenset({Ability.PEOPLE, Ability.PRIVACY}),
}


def abilities_of(role: Role | None) -> frozenset[Ability]:
    """What a person of this role may do; whoever has none looks after their own login and sees nothing else."""
    if role is None:
        return frozenset({Ability.ENTER})
    ladder = list(_OWN)
    return frozenset().union(*(_OWN[one] for one in ladder[: ladder.index(role) + 1]))
