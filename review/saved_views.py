"""Saved views: a search of the queue under a name, for oneself or for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import QueryDict

from registry.words import words_of
from review.models import SavedView
from staff.access import may
from staff.roles import Ability

LONGEST_NAME = 60
LONGEST_QUERY = 1000
MOST = 50  # views one person may keep


@dataclass(frozen=True, slots=True)
class View:
    """A saved view, and whether this person may rename and delete it: their own, or as a lead one that is shared."""

    row: SavedView
    may_change: bool


class ViewRefusedError(Exception):
    """It was not saved; `code` says why (label group "view_refused")."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def get_views(user: User) -> Sequence[View]:
    """One's own, then those that others share, by name; one query."""
    rows = SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner").order_by("name", "pk")
    leads = may(user, Ability.SWITCH)
    views = [View(row, row.owner_id == user.pk or leads) for row in rows]
    return sorted(views, key=lambda one: one.row.owner_id != user.pk)


def get_changeable(user: User, pk: int) -> SavedView | None:
    """The view, where this person may change it."""
    return next((one.row for one in get_views(user) if one.row.pk == pk and one.may_change), None)


def save_view(user: User, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep `query` under `name`; one of that name is replaced. Raises ViewRefusedError."""
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise ViewRefusedError("name")
    if len(query) > LONGEST_QUERY:
        raise ViewRefusedError("long")
    mine = SavedView.objects.filter(owner=user)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise ViewRefusedError("many")
    values = {"query": query, "shared": shared and may(user, Ability.DECIDE)}
    return SavedView.objects.update_or_create(owner=user, name=name, defaults=values)[0]


def forget_in_views(address: str, name: str) -> int:
    """Delete the views that search for this address, or for all words of this name; returns how many."""
    wanted = [set(words) for words in (words_of(address), words_of(name)) if words]
    sought = {row.pk: set(words_of(QueryDict(row.query).get("q", ""))) for row in SavedView.objects.all()}
    keys = [pk for pk, words in sought.items() if any(one <= words for one in wanted)]
    return SavedView.objects.filter(pk__in=keys).delete()[0]


def rename_view(view: SavedView, name: str) -> None:
    """Give it another name. Raises ViewRefusedError."""
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise ViewRefusedError("name")
    if SavedView.objects.filter(owner=view.owner, name=name).exclude(pk=view.pk).exists():
        raise ViewRefusedError("taken")
    SavedView.objects.filter(pk=view.pk).update(name=name)
