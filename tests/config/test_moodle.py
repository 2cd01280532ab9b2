"""The variables of the portal: courses by module, what its files hold, its web service."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalogue import load_catalogue
from config.moodle import MoodleSettings, default_courses, read_moodle
from config.variables import ConfigurationError, Variables

ADO, TP = "PM-2777-2105-BS", "PM-2870-2204-BS"


def load(folder: Path, **values: str) -> MoodleSettings:
    (folder / ".env").write_text("".join(f"ASPOKTATAS_MOODLE_{name}={value}\n" for name, value in values.items()))
    return read_moodle(Variables(folder))


def test_every_module_has_the_course_that_the_faq_names() -> None:
    modules = {one.id: one.short_name for one in load_catalogue().modules}
    lacking = [f'{id_} = "{name}"' for id_, name in modules.items() if id_ not in default_courses()]
    assert not lacking, f"config/data/portal/courses.toml: add under [courses], at the module's place: {lacking}"
    assert list(default_courses()) == list(modules), "courses.toml: the order of modules.toml, and no others"
    named_otherwise = {id_: name for id_, name in default_courses().items() if name not in ("", modules[id_])}
    assert not named_otherwise, "courses.toml has the names of modules.toml; a portal's own go to MOODLE_COURSES"


def test_without_variables_there_are_files_only(tmp_path: Path) -> None:
    moodle = load(tmp_path)
    assert moodle == MoodleSettings(default_courses())
    assert (moodle.profile_field, moodle.lang, moodle.delimiter, moodle.service) == ("pir", "hu", "semicolon", None)


def test_courses_by_pairs(tmp_path: Path) -> None:
    courses = load(tmp_path, COURSES=f"{ADO}=ADO-2026, {TP}=").courses
    assert (courses[ADO], courses[TP], len(courses)) == ("ADO-2026", "", len(default_courses()))


def test_courses_by_a_file(tmp_path: Path) -> None:
    file = tmp_path / "courses.toml"
    file.write_text(f'[courses]\n{ADO} = "Adó – 2026"\n', "utf-8")
    assert load(tmp_path, COURSES=str(file)).courses[ADO] == "Adó – 2026"


@pytest.mark.parametrize("text", ["[courses]\nX = 1\n", "courses = 1\n", "[courses\n", "[courses]\nPM-1-1-BS = 'x'\n"])
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "courses.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match="ASPOKTATAS_MOODLE_COURSES: "):
        load(tmp_path, COURSES=str(file))


def test_what_shall_be_left_out_is_left_out(tmp_path: Path) -> None:
    moodle = load(tmp_path, PROFILE_FIELD="none", LANG="none", TIMEZONE="none", MAIL_DISPLAY="course")
    assert (moodle.profile_field, moodle.lang, moodle.timezone, moodle.mail_display) == ("", "", "", "2")


def test_the_web_service(tmp_path: Path) -> None:
    service = load(tmp_path, URL="https://portal.example.hu/moodle/", TOKEN="abc123", ROLE_ID="7").service
    assert service is not None
    assert (service.url, service.role, service.host) == ("https://portal.example.hu/moodle", 7, "portal.example.hu")
    assert "abc123" not in repr(service)
    plain = load(tmp_path, URL="http://127.0.0.1:8080", TOKEN="abc123").service
    assert plain is not None


@pytest.mark.parametrize("values", [{"URL": "https://portal.example.hu"}, {"TOKEN": "abc"}])
def test_neither_address_nor_token_is_enough(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="is needed beside the other"):
        load(tmp_path, **values)
