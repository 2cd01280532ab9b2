"""Letters of the operator's own: what they replace, and how what is wrong with them is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from config.environment import ConfigurationError, load_environment
from rules.model import Problem
from tests.replies.samples import CATALOGUE, OWN_ADDRESS, message_of, person_of, verdict_of
from worker.replies.compose import compose_reply
from worker.replies.overrides import TemplateFault, check_overrides, replaced_files, unknown_files
from worker.replies.rendering import TEMPLATES, use_overrides
from worker.services.doctor.letters import examine_letters

MISSING = (TEMPLATES / "missing" / "text.txt").read_text("utf-8")
PHRASES = (TEMPLATES / "shared" / "phrases.txt").read_text("utf-8")


@pytest.fixture(autouse=True)
def ours_again() -> Iterator[None]:
    yield
    use_overrides(None)


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


FAULTS = [
    ("missing/text.txt", MISSING + "{{ greting }}", r"missing/text\.txt, line \d+: there is no value 'greting' here"),
    ("missing/text.txt", MISSING + "{{ look.list }}", r"missing/text\.txt, line \d+: there is no value 'look' here"),
    ("missing/subject.txt", "{{ greeting }}", r"missing/subject\.txt, line 1: there is no value 'greeting' here"),
    ("missing/text.txt", MISSING + "{% if x %}", r"missing/text\.txt, line \d+: Unexpected end of template"),
    ("closed/html.html", "{{ people[0].shoe_size }}", r"closed/html\.html, line 1: .* has no attribute 'shoe_size'"),
    ("closed/text.txt", "{{ greeting.__class__.mro() }}", r"closed/text\.txt, line 1: access to attribute '__class__'"),
    ("closed/text.txt", "\n", r"closed: the letter of the case \S+ has an empty"),
    ("registered/html.html", "{% extends 'nincs.html' %}", r"registered/html\.html, line 1: 'nincs\.html' not found"),
    ("shared/form.txt", "Teljes név:\n", r"missing/text\.txt: the form lacks 'ADATLAP \("),
    ("shared/phrases.txt", PHRASES.replace('("PIR szám",', '("Szám",'), r"the form lacks 'PIR szám'"),
    ("shared/phrases.txt", PHRASES.replace("macro privacy", "macro adatvedelem"), r"has no attribute 'privacy'"),
]


@pytest.mark.parametrize(("name", "text", "message"), FAULTS, ids=[row[2] for row in FAULTS])
def test_a_fault_is_told_by_file_and_name(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(TemplateFault, match=message):
        check_overrides(put(tmp_path, name, text), CATALOGUE)
    reply = compose_reply(message_of(), verdict_of(person_of((Problem.PIR_MISSING,))), CATALOGUE, own_address="a@b.hu")
    assert "ADATLAP" in reply.text, "our own are in use again"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "missing").mkdir()
    (tmp_path / "missing" / "text.txt").write_bytes("őszi".encode("latin2"))
    with pytest.raises(TemplateFault, match=r"missing/text\.txt: is not written in UTF-8"):
        check_overrides(tmp_path, CATALOGUE)


def test_a_good_file_replaces_ours_alone(tmp_path: Path) -> None:
    put(tmp_path, "shared/phrases.txt", PHRASES.replace("Tisztelt", "Kedves"))
    check_overrides(tmp_path, load_catalogue())
    use_overrides(tmp_path)
    reply = compose_reply(
        message_of(), verdict_of(person_of((Problem.PIR_MISSING,))), CATALOGUE, own_address=OWN_ADDRESS
    )
    assert reply.text.startswith("Kedves Kovácsné Nagy Éva!")
    assert "Kedves Kovácsné Nagy Éva!" in reply.html
    assert "--- ADATLAP" in reply.text


def test_files_that_replace_nothing_are_told(tmp_path: Path) -> None:
    put(tmp_path, "mising/text.txt", "x")
    put(tmp_path, "shared/office.txt", "Cím: …")
    put(tmp_path, ".git/config", "x")
    put(tmp_path, "closed/text.txt", (TEMPLATES / "closed/text.txt").read_text() + '{% include "shared/office.txt" %}')
    assert unknown_files(tmp_path) == ["mising/text.txt"]
    assert replaced_files(tmp_path) == ["closed/text.txt"]
    found = [(one.grade, one.found) for one in examine_letters(tmp_path)]
    assert [grade for grade, _ in found] == ["ok", "warn"]
    assert "closed/text.txt" in found[0][1]
    assert "mising/text.txt" in found[1][1]
    assert list(examine_letters(None)) == []


def test_the_configuration_names_variable_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "letters", "missing/text.txt", "{{ nev }}")
    monkeypatch.setenv("ASPOKTATAS_TEMPLATES", str(tmp_path / "letters"))
    with pytest.raises(
        ConfigurationError, match=r"^ASPOKTATAS_TEMPLATES: missing/text\.txt, line 1: .*'nev'"
    ) as caught:
        load_environment(tmp_path)
    assert "\n" not in str(caught.value)
    monkeypatch.setenv("ASPOKTATAS_TEMPLATES", str(tmp_path / "nincs"))
    with pytest.raises(ConfigurationError, match=r"^ASPOKTATAS_TEMPLATES: must name a folder"):
        load_environment(tmp_path)
