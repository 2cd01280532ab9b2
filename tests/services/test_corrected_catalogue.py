"""Words that staff switch on count for the worker's next mail, in processes that have run for long."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from config.catalogue import load_catalogue
from registry.corrections import ModuleWord
from registry.models import Registration, Settlement
from registry.services.draft_word import draft_word
from registry.services.switch_on_words import get_drafts, mark_of, switch_on_words
from tests.review.factory import make_user
from tests.services.correspondence import Correspondence, request, write
from worker.dryrun import verdict_json
from worker.models import Mail
from worker.services.replay import decided_mails, replay

pytestmark = pytest.mark.django_db
ADO = "PM-2777-2105-BS"


@pytest.fixture
def person() -> User:
    return make_user()


def test_the_worker_reads_with_the_words_in_force(person: User) -> None:
    worker = Correspondence()
    worker.receive_one(write(request(Szakrendszer="zöldfülke")))
    first = Mail.objects.get()
    assert Registration.objects.get().modules == ""
    draft_word(person, load_catalogue(), ModuleWord(module=ADO, tier="asked", word="zöldfülke"))
    assert [one.changes for one in replay(decided_mails(), worker.thinking, worker.voice.own_addresses)] == [()]
    switch_on_words(person, load_catalogue(), mark_of(get_drafts()))
    other = {"Név": "Szabó Piroska", "E_mail": "szabo.piroska@aba.hu", "PIR": "740373", "Önkormányzat": "Aba"}
    worker.receive_one(
        write(request(Szakrendszer="zöldfülke", Vármegye="Fejér", **other), sender="szabo.piroska@aba.hu")
    )
    assert Registration.objects.latest("pk").modules == ADO
    assert Mail.objects.latest("pk").rules_version != first.rules_version
    changed = {
        change.what
        for one in replay(decided_mails().filter(pk=first.pk), worker.thinking, worker.voice.own_addresses)
        for change in one.changes
    }
    assert "person 1: modules" in changed


def test_the_dry_run_stays_on_the_files(person: User) -> None:
    draft_word(person, load_catalogue(), ModuleWord(module=ADO, tier="asked", word="zöldfülke"))
    switch_on_words(person, load_catalogue(), mark_of(get_drafts()))
    told = verdict_json("x", write(request(Szakrendszer="zöldfülke")), load_catalogue())
    assert told["people"][0]["modules"] == []


def test_replay_knows_the_imported_gazetteer(person: User) -> None:
    worker = Correspondence()
    Settlement.objects.create(name="Mintaújfalu", county="Zala")
    worker.receive_one(write(request(Önkormányzat="Mintaújfalu Község Önkormányzata", Vármegye="Zala")))
    assert [one.changes for one in replay(decided_mails(), worker.thinking, worker.voice.own_addresses)] == [()]
