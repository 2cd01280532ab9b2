"""The templates of templates/replies/ and of the operator's folder, loaded once, and how their output is laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from worker.replies.facts import Facts

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "replies"
BULLETS = ("– ", "- ")
BREAK = re.compile(r"(?<! -)(?<!\b[Dd]r\.) (?!- )")
WIDTH = 76  # room for a quoting client's "> " within 78

_folders: tuple[Path, ...] = (TEMPLATES,)  # a file of an earlier one replaces that of a later one


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of one reply."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class LetterTemplates:
    """The three templates of a reply's folder."""

    subject: Template
    text: Template
    html: Template


def use_overrides(folder: Path | None) -> None:
    """From now on, the files of `folder` replace ours; None: ours alone. Called once, as the process starts."""
    global _folders  # noqa: PLW0603  # handed through every caller, one that forgets it would send other words
    _folders = (folder, TEMPLATES) if folder else (TEMPLATES,)


@contextmanager
def tried_overrides(folder: Path) -> Iterator[None]:
    """The same for the time of a `with` block."""
    before = _folders
    use_overrides(folder)
    try:
        yield
    finally:
        use_overrides(before[0] if len(before) > 1 else None)


class _Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, which asks once what may be read of a kind of value, and copies the shared names once."""

    def __init__(self, folders: Sequence[Path], *, escaping: bool) -> None:
        super().__init__(
            loader=FileSystemLoader(folders),
            undefined=StrictUndefined,
            autoescape=escaping,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._safe: dict[tuple[type, str], bool] = {}  # as many as the templates have names

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether a template may read `attr`; Jinja decides it by the object's type."""
        known = self._safe.get((type(obj), attr))
        if known is None:
            known = self._safe[type(obj), attr] = super().is_safe_attribute(obj, attr, value)
        return known

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that a template shares with all others: a dict, since Jinja's chain is walked at every render."""
        return {**self.globals, **(d or {})}


def load_environment(escaping: bool) -> SandboxedEnvironment:
    """The Jinja environment over the folders in use; a name that no value has is an error.

    Text and HTML share phrases, which is why each has an environment of its own: in the `escaping` one whatever a
    template prints is escaped, in whichever file it stands. All templates may say `say` for the shared phrases, those
    of HTML `look` for the shared styles.
    """
    return _load_environment(escaping, _folders)


@lru_cache
def _load_environment(escaping: bool, folders: tuple[Path, ...]) -> SandboxedEnvironment:
    environment = _Sandbox(folders, escaping=escaping)
    environment.filters["hanging"] = hanging
    environment.globals["say"] = environment.get_template("shared/phrases.txt").module
    if escaping:
        environment.globals["look"] = environment.get_template("shared/look.html").module
    return environment


def load_templates(kind: str) -> LetterTemplates:
    """The templates of the reply `kind`; raises jinja2.TemplateError where one is missing or broken."""
    return _load_templates(kind, _folders)


@lru_cache
def _load_templates(kind: str, _folders: tuple[Path, ...]) -> LetterTemplates:
    text, html = (load_environment(escaping).get_template for escaping in (False, True))
    return LetterTemplates(text(f"{kind}/subject.txt"), text(f"{kind}/text.txt"), html(f"{kind}/html.html"))


def sender_name() -> str:
    """Our display name."""
    return _load_sender_name(_folders)


@lru_cache
def _load_sender_name(_folders: tuple[Path, ...]) -> str:
    return load_environment(False).get_template("shared/sender.txt").render().strip()


def render_letter(kind: str, facts: Facts, original_subject: str, token: str) -> Letter:
    """The letter `kind` about `facts`."""
    templates = load_templates(kind)
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    subject = " ".join(templates.subject.render(original=original_subject, token=token).split())
    text = wrap_text(templates.text.render(values))
    return Letter(subject, text, templates.html.render(values, subject=subject))


def render_plain(text: str, subject: str) -> Letter:
    """A letter of words that staff wrote: the same page around them."""
    paragraphs = [part.split("\n") for part in text.strip().split("\n\n")]
    template = load_environment(True).get_template("shared/plain.html")
    return Letter(subject, wrap_text(text), template.render(paragraphs=paragraphs, subject=subject))


def wrap_text(text: str) -> str:
    """`text` with no line over 76 characters but for words longer than that; runs of blank lines made one.

    A wrapped line goes on under its own first word, behind the bullet of a list.
    """
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip():
            lines += (line.rstrip(),) if len(line) <= WIDTH else _wrapped(line)
        elif lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).strip("\n") + "\n"


def hanging(line: str) -> str:
    """Template filter: one line of the form; what does not fit goes on below, indented by four."""
    return "\n".join(_wrapped(line.rstrip(), 4))


def _pieces(text: str) -> Iterator[str]:
    """The words of `text`; "Irat - Iktató" is one, so is "dr. Minta"."""
    for piece in BREAK.split(" ".join(text.split())):
        yield from [piece] if len(piece) <= WIDTH // 2 else piece.split()


@lru_cache(maxsize=1024)  # most lines of a letter are those of the letter before
def _wrapped(line: str, hang: int = 0) -> tuple[str, ...]:
    body = line.lstrip()
    indent = len(line) - len(body)
    lines, taken = [], line[:indent]
    hang += indent + (2 if body.startswith(BULLETS) else 0)
    for word in _pieces(body):
        if taken.strip() and len(taken) + len(word) + 1 > WIDTH:
            lines.append(taken)
            taken = " " * hang
        taken += f" {word}" if taken.strip() else word
    return (*lines, taken)
