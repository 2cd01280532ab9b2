"""A person that is erased is in no event of the directories and in no uploaded file any more."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from registry.imports.directories import ACCOUNTS, CLERKS
from registry.models import Account, Clerk
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.edit_row import add_row, delete_row, mark_of_row
from registry.services.forget_person import forget_in_directories
from registry.services.undo import find_undoable, undo
from registry.services.upload_directory import File, apply_upload, look_at_upload
from registry.uploads import Upload
from tests.review.factory import make_registration, make_user
from worker.models import Event

pytestmark = pytest.mark.django_db
ADDRESS = "kovacs.anna@aba.hu"


def test_what_names_the_person_is_emptied_and_nothing_else() -> None:
    person = make_user()
    add_row(person, ACCOUNTS, {"email": ADDRESS, "username": "anna", "full_name": "Kovács Anna"})
    add_row(person, CLERKS, {"municipality": "Aba", "address": "jegyzo@aba.hu", "name": "dr. Minta Béla"})
    row = Account.objects.get()
    delete_row(person, ACCOUNTS, row.pk, mark_of_row(ACCOUNTS, row))
    text = f"email;name\n{ADDRESS};Kovács Anna\n"
    upload = look_at_upload(person, File("accounts", "a.csv", text.encode()), load_catalogue())
    apply_upload(person, upload.pk, load_catalogue())
    look_at_upload(person, File("clerks", "b.csv", b"telepules;email\nAba;x@aba.hu\n"), load_catalogue())
    assert forget_in_directories([ADDRESS.upper()]) == 4
    assert "Anna" not in str(list(Event.objects.values_list("details", flat=True)))
    assert "Minta Béla" in str(list(Event.objects.values_list("details", flat=True)))
    assert not Upload.objects.exclude(report=None).exists()  # the file that waits cannot be looked into
    assert Event.objects.filter(verb="directory_added").count() == 2
    assert Clerk.objects.exists()
    assert forget_in_directories([]) == 0


def test_decisions_on_others_requests_forget_the_address_only() -> None:
    person, registration = make_user(), make_registration()
    confirm_clerk(Target(registration.pk, registration.version), person, ADDRESS)
    registration.refresh_from_db()
    later = confirm_clerk(Target(registration.pk, registration.version), person, "masik@aba.hu")
    assert forget_in_directories([ADDRESS.upper()]) == 2
    assert ADDRESS not in str(list(Event.objects.values_list("details", flat=True)))
    assert Event.objects.filter(details__address="masik@aba.hu").count() == 1
    last = find_undoable(later)
    assert last is not None
    assert undo(registration.pk, last.pk, person).registration.jegyzo_address == ""
