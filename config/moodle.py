"""The variables ASPOKTATAS_MOODLE_…: what the portal's files hold, and its web service where that is switched on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from config.variables import PREFIX, ConfigurationError, Variables
from worker.mail.server import is_loopback

COURSES = Path(__file__).parent / "data" / "portal" / "courses.toml"
DELIMITERS: Mapping[str, str] = MappingProxyType({"semicolon": ";", "comma": ",", "tab": "\t", "colon": ":"})
MAIL_DISPLAY: Mapping[str, str] = MappingProxyType({"hidden": "0", "everyone": "1", "course": "2"})
STUDENT = 5  # the role "student" of every fresh Moodle


@dataclass(frozen=True, slots=True)
class MoodleService:
    """Moodle's web service: the site's address without a slash at its end, and the token.

    `calls_per_minute`: 0 for as many as it answers. `role` is the number of the role in which people are enrolled.
    """

    url: str
    token: str
    calls_per_minute: int = 300
    role: int = STUDENT

    def __repr__(self) -> str:
        """Without the token: this may reach a log."""
        return f"MoodleService({self.url})"

    @property
    def host(self) -> str:
        """Who is asked, for messages."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class MoodleSettings:
    """How the portal is fed. `courses` maps a ProBono identifier to a course's short name, "" where there is none.

    "" leaves out: `profile_field` (the profile field that takes the PIR), `lang`, `timezone`, `auth`, `mail_display`
    (Moodle's number as a text), `role` (a short name, for files), `cohort` (its ID number). `service` is None where
    files alone are used.
    """

    courses: Mapping[str, str]
    profile_field: str = "pir"
    delimiter: str = "semicolon"
    lang: str = "hu"
    timezone: str = "Europe/Budapest"
    auth: str = ""
    mail_display: str = ""
    role: str = ""
    cohort: str = ""
    service: MoodleService | None = None


@cache
def default_courses() -> Mapping[str, str]:
    """The courses as the FAQ names them, by ProBono identifier, in its order."""
    return MappingProxyType(dict(tomllib.loads(COURSES.read_text("utf-8"))["courses"]))


def read_moodle(read: Variables) -> MoodleSettings:
    """Read the variables; raises ConfigurationError."""
    return MoodleSettings(
        courses=MappingProxyType({**default_courses(), **(read.parsed("MOODLE_COURSES", parse_courses) or {})}),
        profile_field=_or_none(read.parsed("MOODLE_PROFILE_FIELD", _short_name) or "pir"),
        delimiter=read.choice("MOODLE_DELIMITER", "semicolon", tuple(DELIMITERS)),
        lang=_or_none(read.text("MOODLE_LANG", "hu")),
        timezone=_or_none(read.text("MOODLE_TIMEZONE", "Europe/Budapest")),
        auth=read.parsed("MOODLE_AUTH", _short_name) or "",
        mail_display=MAIL_DISPLAY.get(read.choice("MOODLE_MAIL_DISPLAY", "site", ("site", *MAIL_DISPLAY)), ""),
        role=read.parsed("MOODLE_ROLE", _short_name) or "",
        cohort=read.text("MOODLE_COHORT"),
        service=_service(read),
    )


def parse_courses(text: str) -> dict[str, str]:
    """`PM-2777-2105-BS=ADO,…`, or the path of a TOML file with a table [courses]. Raises ValueError."""
    pairs = _from_file(Path(text).expanduser()) if text.endswith(".toml") else _from_pairs(text)
    unknown = next((key for key in pairs if key not in default_courses()), None)
    if unknown is not None:
        raise ValueError(f"{unknown} is no module of the catalogue")
    return pairs


def _from_pairs(text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.partition("=")[0] and "=" in part for part in parts):
        raise ValueError("must be pairs like PM-2777-2105-BS=ADO, separated by commas, or name a .toml file")
    return {key.strip(): value.strip() for key, _, value in (part.partition("=") for part in parts)}


def _from_file(file: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(file.read_text("utf-8")).get("courses")
    except OSError:
        raise ValueError("the file it names cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ValueError("the file it names is no TOML in UTF-8") from None
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise ValueError('the file it names needs a table [courses] with lines like PM-2777-2105-BS = "ADO"')
    return {key: value.strip() for key, value in table.items()}


def _short_name(text: str) -> str:
    """A short name as Moodle has them; nothing else may get into a header or a parameter's name."""
    if not (text.isascii() and text.replace("_", "").isalnum()):
        raise ValueError("must be a short name of letters, digits and _")
    return text


def _or_none(text: str) -> str:
    return "" if text == "none" else text


def _service(read: Variables) -> MoodleService | None:
    url = read.parsed("MOODLE_URL", _site)
    token = read.text("MOODLE_TOKEN")
    calls = read.number("MOODLE_CALLS_PER_MINUTE", 300, 100_000)
    role = read.number("MOODLE_ROLE_ID", STUDENT, 1_000_000)
    if bool(url) != bool(token):
        missing = "MOODLE_TOKEN" if url else "MOODLE_URL"
        raise ConfigurationError(f"{PREFIX}{missing}: is needed beside the other, or leave out both")
    if url is None:
        return None
    if not (token.isascii() and token.isalnum()):
        raise ConfigurationError(f"{PREFIX}MOODLE_TOKEN: must be letters and digits only")
    return MoodleService(url, token, calls, role)


def _site(text: str) -> str:
    parts = urlsplit(text)
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be the site's address, like https://www.example.hu")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://: personal data and the token travel there")
    return text.rstrip("/").removesuffix("/webservice/rest/server.php")
