"""A field tells how it stands and who wrote it: the mail, an answer, or a colleague and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client

from registry.models import Registration
from review.templatetags.moments import say_moment
from rules.model import Note, Problem, Status
from staff.roles import Role
from tests.review.factory import Applicant, make_registration, make_user

pytestmark = pytest.mark.django_db


def states(page: Client, registration: Registration) -> dict[str, str]:
    tree: Any = lxml.html.document_fromstring(page.get(f"/registrations/{registration.pk}").content)
    groups = [one for one in tree.iter("div", "fieldset") if one.get("data-field")]
    return {str(one.get("data-field")): one.find_class("tag")[0].text_content() for one in groups}


def test_each_state_has_its_word(page: Client) -> None:
    one = Applicant(
        pir="740747",
        county="",
        status=Status.REVIEW,
        problems=(Problem.PIR_INVALID, Problem.COUNTY_MISSING),
        notes=(Note.EMAIL_UNRELATED_TO_NAME,),
    )
    assert states(page, make_registration(one)) == {
        "full_name": "rendben",
        "municipality": "rendben",
        "pir": "kétes",
        "county": "hiányzik",
        "email": "kétes",
        "modules": "rendben",
    }


def test_a_suggested_county_is_offered_at_the_county_alone(page: Client) -> None:
    one = Applicant(
        county="Zala",
        status=Status.INCOMPLETE,
        problems=(Problem.COUNTY_MISMATCH,),
        suggestions={Problem.COUNTY_MISMATCH: "Hajdú-Bihar"},
    )
    registration = make_registration(one)
    tree: Any = lxml.html.document_fromstring(page.get(f"/registrations/{registration.pk}").content)
    suggested = [button.get("value") for one in tree.find_class("suggestion") for button in one.iter("button")]
    assert suggested == ["county:Hajdú-Bihar"]
    assert states(page, registration)["municipality"] == "kétes"


def test_what_the_system_computed_is_no_doubt(page: Client) -> None:
    one = Applicant(notes=(Note.COUNTY_INFERRED, Note.PIR_FROM_TAX_NUMBER))
    found = states(page, make_registration(one))
    assert (found["county"], found["pir"]) == ("rendben", "rendben")


def test_a_correction_names_the_colleague_and_the_time(page: Client) -> None:
    registration = make_registration()
    names = ("full_name", "municipality", "pir", "county", "email", "version")
    entered = {name: getattr(registration, name) for name in names} | {"modules": registration.module_ids}
    page.post(f"/registrations/{registration.pk}/save", entered | {"full_name": "Kovács Anna Mária"})
    text = page.get(f"/registrations/{registration.pk}").content.decode()
    assert "kijavította: <strong>Minta Márta</strong>" in text
    assert states(page, registration) | {"full_name": "javítva"} == states(page, registration)
    assert states(page, registration)["pir"] == "rendben"


def test_a_reader_sees_values_and_may_take_none(client: Client) -> None:
    client.force_login(make_user("betekinto", role=Role.READER))
    registration = make_registration()
    text = client.get(f"/registrations/{registration.pk}").content.decode()
    assert "740746" in text
    for control in ("data-take", 'name="pick"', 'id="case-form"'):
        assert control not in text
    assert client.post(f"/registrations/{registration.pk}/pick", {"pick": "pir:740373"}).status_code == 403


def test_an_exported_request_is_shown_not_edited(page: Client) -> None:
    text = page.get(f"/registrations/{make_registration(status='exported').pk}").content.decode()
    assert 'id="case-form"' not in text
    assert "data-take" not in text


def test_a_value_is_picked_into_the_form_and_not_saved(page: Client, staff: User) -> None:
    registration = make_registration()
    typed = {"full_name": "Kézzel Írt", "pir": "", "modules": registration.module_ids, "version": "1"}
    for pick, words in (
        ("pir:740373", 'value="740373"'),
        ("municipality:Tiszafüred: a", 'value="Tiszafüred: a"'),
        ("modules:PM-2770-2105-BS", 'value="PM-2770-2105-BS" id='),
        ("version:9", 'name="version" value="1"'),
        ("x", "Kézzel Írt"),
    ):
        response = page.post(f"/registrations/{registration.pk}/pick", typed | {"pick": pick})
        assert response.status_code == 200
        assert words in response.content.decode(), pick
    registration.refresh_from_db()
    assert (registration.version, registration.pir) == (1, "740746")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 8, 12, tzinfo=UTC), "ma 9:12"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "ma 0:30"),
        (datetime(2026, 11, 22, 15, 40, tzinfo=UTC), "tegnap 16:40"),
        (datetime(2026, 11, 2, 8, 5, tzinfo=UTC), "november 2. 9:05"),
        (datetime(2025, 7, 1, 8, 5, tzinfo=UTC), "2025. július 1. 10:05"),
    ],
)
def test_moments_are_said_as_people_say_them(moment: datetime, words: str) -> None:
    assert say_moment(moment, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == words
