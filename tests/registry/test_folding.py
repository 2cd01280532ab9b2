"""The folded columns that the database keeps say what `fold` says, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from registry.folding import alike, fold
from registry.models import Account, Municipality

pytestmark = pytest.mark.django_db
LETTERS = "ÁRVÍZTŰRŐ TÜKÖRFÚRÓGÉP árvíztűrő tükörfúrógép ÓÚÜÉ 123 'idéző\" %_"


def test_a_column_is_folded_however_it_is_written() -> None:
    Account.objects.bulk_create([Account(email="a@b.hu", full_name=LETTERS)])
    assert Account.objects.get().folded == fold(f"a@b.hu  {LETTERS}")
    Account.objects.update(full_name="Őri Éva")
    assert Account.objects.get().folded == fold("a@b.hu  Őri Éva")


def test_signs_of_patterns_are_letters_in_a_search() -> None:
    Municipality.objects.create(pir="740009", name="100%_os Önkormányzat")
    assert Municipality.objects.filter(folded__contains=fold("100%_")).exists()
    assert not Municipality.objects.filter(folded__contains="1__").exists()


@pytest.mark.parametrize(
    "word", ["kovács", "KOVACS", "kovÄcs", "Ko(v", "őr", "a.b", "[x]", "100%_", "***:x", "\\d", "ж"]
)
def test_a_word_is_found_in_a_text_however_it_is_accented(word: str) -> None:
    texts = [
        "Kovács Anna",
        "kovacs",
        "KOVÁCS",
        "Őri",
        "öri",
        "Ko(v",
        "aXb a.b",
        "[X]",
        "x",
        "100%_",
        "***:x",
        "\\d",
        "1",
        "ж",
    ]
    Account.objects.bulk_create([Account(email=f"{place}@x.hu", full_name=text) for place, text in enumerate(texts)])
    found = Account.objects.filter(full_name__iregex=alike(word)).values_list("full_name", flat=True)
    assert sorted(found) == sorted(one for one in texts if fold(word) in fold(one))
    assert found
