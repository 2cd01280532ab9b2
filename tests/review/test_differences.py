"""Two people in one form: what the second typed is never lost, and the first's values are taken field by field."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.test import Client

from registry.models import Registration
from tests.review.factory import ADO, IRAT, Applicant, make_registration
from tests.review.test_case import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(page: Client) -> tuple[Registration, dict[str, object]]:
    """A request that a colleague has just corrected, and what the second person sends who looked before that."""
    registration = make_registration()
    seen = fields(registration)
    theirs = seen | {"full_name": "Első Elek", "modules": [ADO, IRAT]}
    assert page.post(f"/registrations/{registration.pk}/save", theirs).status_code == 302
    return registration, seen | {"full_name": "Második Mária", "email": "masodik.maria@tiszacsege.hu"}


def offered(text: str) -> dict[str, list[str]]:
    """What stands in the form for saving, by name."""
    tree: Any = lxml.html.document_fromstring(text)
    [form] = tree.xpath("//form[@id='case-form']")
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def test_the_same_modules_in_another_order_are_no_difference(page: Client) -> None:
    registration = make_registration(Applicant(modules=(ADO, IRAT)))
    seen = fields(registration)
    assert page.post(f"/registrations/{registration.pk}/save", seen | {"full_name": "Első Elek"}).status_code == 302
    response = page.post(f"/registrations/{registration.pk}/save", seen | {"pir": "741116", "modules": [IRAT, ADO]})
    tree: Any = lxml.html.document_fromstring(response.content.decode())
    assert [one.get("value") for one in tree.xpath("//button[@name='take']")] == ["pir", "all"]


@pytest.mark.parametrize(
    ("take", "name", "email"),
    [
        ("full_name", "Első Elek", "masodik.maria@tiszacsege.hu"),
        ("email", "Második Mária", "kovacs.anna@tiszacsege.hu"),
        ("all", "Első Elek", "kovacs.anna@tiszacsege.hu"),
    ],
)
def test_the_saved_value_is_taken_and_nothing_is_written(
    page: Client, both: tuple[Registration, dict[str, object]], take: str, name: str, email: str
) -> None:
    registration, typed = both
    response = page.post(f"/registrations/{registration.pk}/save", typed | {"take": take})
    form = offered(response.content.decode())
    assert (form["full_name"], form["email"]) == ([name], [email])
    if take == "all":
        assert sorted(form["modules"]) == sorted([ADO, IRAT])
    registration.refresh_from_db()
    assert (registration.full_name, registration.email) == ("Első Elek", "kovacs.anna@tiszacsege.hu")
    assert page.post(f"/registrations/{registration.pk}/save", form).status_code == 302  # in the version just seen
    registration.refresh_from_db()
    assert (registration.full_name, registration.email) == (name, email)
