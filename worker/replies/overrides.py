"""An operator's own templates: what is wrong with them, told by file, line and name before a letter goes out.

A folder laid out like templates/replies/; a file in it replaces ours of the same name.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError, meta
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from rules.catalogue import Catalogue
from worker.intake import markers
from worker.replies.cases import ASKING, sample_letters, write_sample
from worker.replies.compose import ComposedReply
from worker.replies.facts import Facts
from worker.replies.rendering import TEMPLATES, load_environment, tried_overrides

FACTS = frozenset(field.name for field in fields(Facts))
NAMES = {  # what a file may print that is no letter's text or HTML
    "subject.txt": frozenset({"original", "token", "say"}),
    "phrases.txt": frozenset({"say"}),
    "shared/phrases.txt": frozenset[str](),
    "shared/look.html": frozenset[str](),
    "shared/sender.txt": frozenset[str](),
    "shared/index.html": frozenset({"samples"}),
    "shared/plain.html": frozenset({"paragraphs", "subject", "say", "look"}),
}
LARGEST = 200_000  # bytes of a template
OWN_ADDRESS = "aspoktatas@mintafalu.example"
PRIVACY_URL = "https://mintafalu.example/adatkezeles"


class TemplateFault(ValueError):  # noqa: N818  # what configuration makes a ConfigurationError of
    """A file of the operator's folder is wrong; one line that begins with its name."""


def check_overrides(folder: Path, catalogue: Catalogue) -> None:
    """Raise TemplateFault unless every letter can be written in every sample case with the files of `folder`."""
    if not folder.is_dir():
        raise TemplateFault("must name a folder")
    for name in _files(folder):
        _check_file(folder, name)
    with tried_overrides(folder):
        for letter, case in sample_letters(catalogue):
            try:
                reply = write_sample(letter, case, catalogue, OWN_ADDRESS, PRIVACY_URL)
            except (TemplateError, SecurityError, TypeError, AttributeError, ValueError, LookupError) as error:
                raise TemplateFault(f"{_place(error, folder, letter)}: {_first_line(error)}") from error
            _check_reply(letter, case.name, reply)


def unknown_files(folder: Path) -> list[str]:
    """Files of `folder` that replace none of ours and that none of its templates names: typing errors, mostly."""
    names = _files(folder)
    named = {one for name in names for one in _referenced(folder, name)}
    return [name for name in names if not (TEMPLATES / name).is_file() and name not in named]


def replaced_files(folder: Path) -> list[str]:
    """Files of `folder` that replace ours."""
    return [name for name in _files(folder) if (TEMPLATES / name).is_file()]


def _files(folder: Path) -> list[str]:
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))


def _check_file(folder: Path, name: str) -> None:
    """The file's size, letters, syntax, and the names that it uses."""
    source = _source(folder, name)
    try:
        tree = _environment(name).parse(source, name)
    except TemplateSyntaxError as error:
        raise TemplateFault(f"{name}, line {error.lineno}: {_first_line(error)}") from None
    allowed = _names(name)
    unknown = sorted(meta.find_undeclared_variables(tree) - allowed)
    if unknown:
        line = next((f", line {at}" for at, text in enumerate(source.splitlines(), 1) if unknown[0] in text), "")
        known = ", ".join(sorted(allowed)) or "only what it sets itself"
        raise TemplateFault(f"{name}{line}: there is no value {unknown[0]!r} here; there are {known}")


def _names(name: str) -> frozenset[str]:
    """What the file `name` may print."""
    of_letter = FACTS | ({"say", "look", "subject"} if name.endswith(".html") else {"say"})
    return NAMES.get(name, NAMES.get(name.rpartition("/")[2], of_letter))


def _source(folder: Path, name: str) -> str:
    path = folder / name
    try:
        if path.stat().st_size > LARGEST:
            raise TemplateFault(f"{name}: is larger than {LARGEST} bytes")
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise TemplateFault(f"{name}: is not written in UTF-8") from None
    except OSError as error:
        raise TemplateFault(f"{name}: cannot be read ({error.strerror})") from None


def _referenced(folder: Path, name: str) -> Iterator[str]:
    try:
        tree = _environment(name).parse(_source(folder, name), name)
    except (TemplateFault, TemplateSyntaxError):
        return
    yield from (one for one in meta.find_referenced_templates(tree) if one)


def _environment(name: str) -> SandboxedEnvironment:
    return load_environment(name.endswith(".html"))


def _check_reply(letter: str, case: str, reply: ComposedReply) -> None:
    """Answers must stay readable: the form's lines are there. And no letter is empty."""
    if not (reply.subject and reply.text.strip() and reply.html.strip()):
        raise TemplateFault(f"{letter}: the letter of the case {case} has an empty subject, text or HTML")
    wanted = (markers.FORM_START, markers.FORM_END, *markers.FORM_LABELS[:-1]) if letter in ASKING else ()
    for file, content in (("text.txt", reply.text), ("html.html", reply.html)):
        for line in wanted:
            if line not in content:
                raise TemplateFault(f"{letter}/{file}: the form lacks {line!r}, by which answers are read")


def _place(error: Exception, folder: Path, letter: str) -> str:
    """The operator's file and line where `error` arose, or else the letter."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}, line {frame.lineno}"
    return letter


def _first_line(error: Exception) -> str:
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text.replace("'worker.replies.", "'") if isinstance(error, UndefinedError) else text
