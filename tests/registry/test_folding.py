"""The folded columns that the database keeps say what `fold` says, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from registry.folding import fold
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
