"""What the ledger holds of a person, as the rules want it."""

from __future__ import annotations

import pytest

from registry.models import Registration
from rules.model import JegyzoStatus, Origin, Problem, Status
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.services.cases import load_case
from worker.services.known_people import gather_earlier, load_person
from worker.services.verdicts import FIELDS, load_earlier

pytestmark = pytest.mark.django_db


def test_a_person_is_read_back_with_values_and_origins(worker: Correspondence) -> None:
    mail = worker.receive_one(write(request(PIR=None, Vármegye=None, Szakrendszer="ADÓ, zongora")))
    [judged] = load_earlier(mail.verdict or {}).people
    person = load_person(only_request())
    for name in (*FIELDS, "modules", "unknown_modules"):
        assert values(getattr(person, name)) == values(getattr(judged, name)), name
    assert (person.status, person.problems, person.notes) == (judged.status, judged.problems, judged.notes)
    assert person.county is not None
    assert person.county.origin is Origin.INFERRED
    assert person.full_name is not None
    assert {(one.part, one.source) for one in person.full_name.evidence} == {(-1, f"mail:{mail.pk}")}
    assert [field.value for field in person.unknown_modules] == ["zongora"]


def test_a_row_of_an_earlier_release_finds_its_unknown_modules_in_the_verdict(worker: Correspondence) -> None:
    worker.receive_one(write(request(Szakrendszer="zongora")))
    row = only_request()
    del row.evidence["unknown_modules"]
    row.save()
    assert [field.value for field in load_person(row).unknown_modules] == ["zongora"]


@pytest.mark.parametrize("evidence", [{}, {"pir": "x", "modules": 7}, {"pir": {"value": "740746"}, "modules": [None]}])
def test_broken_evidence_leaves_the_values(worker: Correspondence, evidence: dict[str, object]) -> None:
    worker.receive_one(write(request()))
    Registration.objects.update(evidence=evidence)
    person = load_person(only_request())
    assert person.pir is not None
    assert (person.pir.value, person.pir.evidence) == ("740746", ())
    assert [field.value for field in person.modules] == ["PM-2777-2105-BS"]


@pytest.mark.parametrize(("status", "known"), [("approved", Status.READY), ("expired", Status.REVIEW)])
def test_statuses_that_the_rules_do_not_know(worker: Correspondence, status: str, known: Status) -> None:
    worker.receive_one(write(request()))
    Registration.objects.update(status=status)
    assert load_person(only_request()).status is known


def test_the_best_jegyzo_of_the_case_counts(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(), cc=""))
    assert gather_earlier([only_request()]).jegyzo == gather_earlier(Registration.objects.all()).jegyzo
    assert load_person(only_request()).problems == (Problem.JEGYZO_NOT_IN_CC,)
    worker.receive_one(write("Itt a jegyzőnk is.", answers=letter_to(first).message_id))
    assert first.conversation_id is not None
    jegyzo = gather_earlier(load_case(first.conversation_id, {}).rows).jegyzo
    assert jegyzo is not None
    assert (jegyzo.status, jegyzo.address) == (JegyzoStatus.STATED, "jegyzo@tiszacsege.hu")


def values(field: object) -> object:
    """The bare value or values of a field."""
    if isinstance(field, tuple):
        return [one.value for one in field]
    return getattr(field, "value", None)
