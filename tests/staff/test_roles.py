"""Every page names the ability it asks for, and is refused to whoever lacks it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from staff.access import may
from staff.roles import Ability, Role, abilities_of
from tests.review.factory import make_user


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Every address below `resolver`."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def test_every_page_names_its_ability_or_is_open_to_strangers() -> None:
    unnamed = [
        one.name
        for one in patterns(get_resolver())
        if getattr(one.callback, "login_required", True) and getattr(one.callback, "ability", None) is None
    ]
    assert unnamed == []


def test_each_role_may_all_that_the_one_before_it_may() -> None:
    ladder = [abilities_of(role) for role in Role]
    assert all(lower < higher for lower, higher in pairwise(ladder))
    assert ladder[-1] == frozenset(Ability)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "expected"), [(None, 403), (Role.READER, 403), (Role.REVIEWER, 200), (Role.ADMINISTRATOR, 200)]
)
def test_the_hand_over_is_for_reviewers(client: Client, role: Role | None, expected: int) -> None:
    client.force_login(make_user(role=role))
    assert client.get(reverse("handover")).status_code == expected


def test_strangers_may_nothing() -> None:
    assert not [one for one in Ability if may(AnonymousUser(), one)]


@pytest.mark.django_db
def test_without_a_role_one_looks_after_ones_own_login_only() -> None:
    user = make_user(role=None)
    assert [one for one in Ability if may(user, one)] == [Ability.ENTER]
