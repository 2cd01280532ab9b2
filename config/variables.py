"""Reading variables: from the environment, `…_FILE`s and a `.env`; what is wrong is one line that names it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import environ
from environ.fileaware_mapping import FileAwareMapping

PREFIX = "ASPOKTATAS_"
LINE = re.compile(r"\s*(?:#.*)?$|\s*(?:export\s+)?[A-Za-z_]\w*=")
T = TypeVar("T")


class ConfigurationError(Exception):
    """A variable is missing or wrong; the message is one line that names it and repeats no secret."""


class Variables:
    """The variables at this moment, real ones before those of `folder`/.env. Every method raises ConfigurationError."""

    def __init__(self, folder: Path) -> None:
        """Reads a copy: the library's own mapping would write .env into the process and keep it."""

        class Env(environ.FileAwareEnv):  # type: ignore[misc]  # the library ships no types
            ENVIRON = FileAwareMapping(env=dict(os.environ), cache=False)

        self._env = Env()
        self._read: set[str] = set()
        file = folder / ".env"
        if _is_there(file):
            _check_lines(file)
            try:
                self._env.read_env(str(file))
            except OSError as error:
                raise ConfigurationError(f"{self._naming(error.filename)}: the file it names cannot be read") from None

    def _naming(self, filename: str) -> str:
        """The variable that names this file; where none does, the file."""
        inner = self._env.ENVIRON.env
        return next((name for name in inner if name.endswith("_FILE") and inner[name] == filename), filename)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Variables with our prefix that nothing has read so far: typing errors, mostly."""
        known = {PREFIX + name + ending for name in self._read for ending in ("", "_FILE")}
        return tuple(sorted(name for name in self._env.ENVIRON if name.startswith(PREFIX) and name not in known))

    def text(self, name: str, default: str = "") -> str:
        """The value without blanks around it."""
        self._read.add(name)
        try:
            return str(self._env.str(PREFIX + name, default=default)).strip()
        except OSError:
            raise ConfigurationError(f"{PREFIX}{name}_FILE: the file it names cannot be read") from None

    def words(self, name: str, default: str = "") -> tuple[str, ...]:
        """What stands between commas."""
        return tuple(word.strip() for word in self.text(name, default).split(",") if word.strip())

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number from 0 to `highest`."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and int(text) <= highest):
            raise ConfigurationError(f"{PREFIX}{name}: must be a whole number from 0 to {highest}")
        return int(text)

    def choice(self, name: str, default: str, words: Sequence[str]) -> str:
        """One of `words`."""
        text = self.text(name, default)
        if text not in words:
            raise ConfigurationError(f"{PREFIX}{name}: must be {', '.join(words[:-1])} or {words[-1]}")
        return text

    def parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        """What `parse` makes of the text, None where there is none; its ValueError says what is wrong."""
        text = self.text(name)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            raise ConfigurationError(f"{PREFIX}{name}: {error}") from None


def _is_there(file: Path) -> bool:
    """Whether there is such a file; raises ConfigurationError where this user may not even look."""
    try:
        return file.is_file()
    except PermissionError:
        raise ConfigurationError(
            f"{file.parent}: this user may not enter the working folder; cd to the program's own"
        ) from None


def _check_lines(file: Path) -> None:
    """The library passes over lines that it does not understand: an operator would never know."""
    try:
        text = file.read_text("utf-8", "replace")
    except PermissionError:
        raise ConfigurationError(f"{file}: cannot be read by this user; chown it to the program's own") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if not LINE.match(line):
            raise ConfigurationError(f"{file.name}, line {number}: must be NAME=value")
