"""The search by words: folded, by their beginnings, over requests and what mails say, kept by the database itself."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.models import Registration
from registry.search import FEW, find_hits, of_mails, of_requests
from registry.search_schema import MAILS, put_in, words_sql
from registry.words import ACCENTED, LONGEST, MOST, PLAIN, plain, words_of
from tests.review.factory import (
    IRAT,
    Applicant,
    make_mail,
    make_raw,
    make_registration,
    make_registrations,
    request_text,
)
from worker.models import Mail, MailText
from worker.services.search_text import forget_texts

pytestmark = pytest.mark.django_db


def found(words: str) -> set[str]:
    """Names of the requests that hold the words."""
    hits = find_hits(words_of(words))
    return set(Registration.objects.filter(of_requests(hits)).values_list("full_name", flat=True))


def mails_with(words: str) -> list[str]:
    hits = find_hits(words_of(words))
    return list(Mail.objects.filter(of_mails(hits)).order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Kovács ANNA", ("kovacs", "anna")),
        ("kovacs.anna@tiszacsege.hu", ("kovacs", "anna", "tiszacsege", "hu")),
        ("Őry Ürmös-Szűcs", ("ory", "urmos", "szucs")),
        ("740-746", ("740", "746")),
        ("Dvořák Ștefan Žilina", ("dvorak", "stefan", "zilina")),
        ("kovács KOVÁCS", ("kovacs",)),
        ('"a" NEAR(b, 2) *', ("a", "near", "b", "2")),
        ("🙂 — …", ()),
        ("日本語", ()),
        ("x" * 500, ("x" * LONGEST,)),
        (" ".join(f"szo{n}" for n in range(20)), tuple(f"szo{n}" for n in range(MOST))),
    ],
)
def test_words_are_folded_and_split(typed: str, words: tuple[str, ...]) -> None:
    assert words_of(typed) == words


def test_every_accented_letter_has_its_plain_one() -> None:
    assert len(ACCENTED) == len(PLAIN)
    assert plain("ÁRVÍZTŰRŐ tükörfúrógép") == "arvizturo tukorfurogep"


@given(st.text(max_size=80))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    "words",
    [
        "kovacs",
        "KOVÁCS",
        "kov",
        "Kovács Anna",
        "anna kov",
        "tiszacs",
        "740746",
        "7407",
        "hajdu",
        "kovacs.anna@",
        "2777",
    ],
)
def test_a_request_is_found_by_its_fields(words: str) -> None:
    make_registration()
    other = Applicant("Nagy Béla", "Zalaszentgrót", "740990", "Zala", "nagy.bela@zsz.hu", (IRAT,))
    make_registration(other, raw=make_raw("x", sender="nagy.bela@zsz.hu", cc=""))
    assert found(words) == {"Kovács Anna"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite folds by itself")
@pytest.mark.parametrize(
    "text", ["Őrült ÍRÓ; o'neil_x", "Łódź: Çağlar és Őze", "plain", "", ACCENTED[:LONGEST], ACCENTED[-LONGEST:]]
)
def test_postgresql_knows_the_same_words(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tsvector_to_array({words_sql('said')}) FROM (SELECT %s::text AS said) AS one", [text])
        (words,) = cursor.fetchone()
    assert set(words) == set(words_of(text))


def test_every_word_must_be_there() -> None:
    make_registration()
    assert found("kovács szélmalom") == set()


def test_what_the_mail_says_is_found_and_said_of_whom() -> None:
    one, two = Applicant(), Applicant(full_name="Nagy Béla", email="nagy.bela@tiszacsege.hu")
    text = request_text(one) + f"\nNév: {two.full_name}\nA szélmalom ügyeit is ők viszik.\n"
    make_registrations([one, two], raw=make_raw(text))
    assert found("szélmal") == {"Kovács Anna", "Nagy Béla"}  # nobody's own: all of the mail
    assert found("nagy béla") == {"Nagy Béla"}  # the other one only stands in the same mail


def test_short_words_are_whole_words_in_mails() -> None:
    make_mail(make_raw("Az Ág utca felől", subject="egy"))
    make_mail(make_raw("Az ágazat felől", subject="kettő"))
    assert mails_with("ág") == ["egy"]
    assert mails_with("ága") == ["kettő"]


def test_quoted_mails_and_footers_are_not_searched() -> None:
    quoted = "Új mondat.\n\n2026. 11. 20. 9:14 keltezéssel, Valaki írta:\n> régi idézet\n"
    make_mail(make_raw(quoted, subject="válasz"))
    assert mails_with("mondat") == ["válasz"]
    assert mails_with("idézet") == []


def test_corrections_and_deletions_reach_the_index() -> None:
    registration = make_registration(Applicant(full_name="Tóth Ede"), raw=make_raw("x", sender="x@y.hu", cc=""))
    Registration.objects.filter(pk=registration.pk).update(full_name="Győri Zsófia")
    assert found("gyori") == {"Győri Zsófia"}
    assert found("tóth") == set()
    Registration.objects.filter(pk=registration.pk).update(status="approved")
    assert found("gyori") == {"Győri Zsófia"}


def test_what_is_forgotten_is_found_no_more() -> None:
    mail = make_mail(make_raw("titkos szavak", subject="s"))
    assert mails_with("titkos") == ["s"]
    assert forget_texts([mail.pk]) == 1
    assert mails_with("titkos") == []
    assert not MailText.objects.exists()


def test_many_hits_are_compared_as_sets() -> None:
    mail = make_mail(make_raw("közös szó"))
    Registration.objects.bulk_create(
        [Registration(mail=mail, position=n, status="review", full_name=f"Közös {n}") for n in range(FEW + 5)]
    )
    hits = find_hits(words_of("közös"))
    assert hits.requests is None
    assert Registration.objects.filter(of_requests(hits)).count() == FEW + 5


def test_triggers_that_a_migration_dropped_are_put_in_again() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's indexes belong to their tables")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {MAILS}_in")
    make_mail(make_raw("elveszett", subject="nincs meg"))
    assert mails_with("elveszett") == []
    put_in(using="default")
    assert mails_with("elveszett") == ["nincs meg"]
    make_mail(make_raw("megint", subject="megvan"))
    assert mails_with("megint") == ["megvan"]


class TestAnyText(TestCase):
    """Whatever a person types, the databases get a query they understand."""

    @settings(max_examples=150, deadline=None)
    @given(st.one_of(st.text(max_size=500), st.text(alphabet="\"'*-()^:{}&|!<>\\%_ aáNEARORNOT", max_size=60)))
    def test_no_text_breaks_the_search(self, text: str) -> None:
        hits = find_hits(words_of(text))
        list(Registration.objects.filter(of_requests(hits))[:1])
        list(Mail.objects.filter(of_mails(hits))[:1])
