"""A Moodle on loopback: its REST server as far as the product talks to it, errors with HTTP 200 and all.

What it does is read from moodle/moodle; the places:

* webservice/rest/server.php: where web services or REST are off, 403 and nothing else. webservice/rest/locallib.php,
  `send_error` and `generate_error`: every exception is HTTP 200 with {"exception", "errorcode", "message"}; `debuginfo`
  (which names what was wrong) only where the site runs with debugging, `error_of` must not need it.
* webservice/lib.php, `authenticate_by_token`: invalidtoken; `load_function_info`: accessexception where the token's
  service lacks the function.
* user/externallib.php: `create_users` (blank names, user name or address taken, one transaction; the password is mailed
  *inside* it by `setnew_password_and_mail`), `get_users_by_field` (a value that cleaning alters fails the whole call;
  who may not be seen is left out), `get_users` (address by LIKE, case-insensitive, _ and % are wildcards).
* lib/moodlelib.php, PARAM_USERNAME and `validate_email` (PHP's filter: ASCII only).
* course/externallib.php, `get_courses_by_field`: an unknown short name is an empty list.
* enrol/manual/externallib.php, `enrol_users`: the first error throws, all is rolled back; wsnoinstance,
  wsusercannotassign. enrol/externallib.php, `get_users_courses`. cohort/externallib.php, `add_cohort_members`: what
  goes wrong is a warning.
* lib/setup.php: `maintenance_enabled` throws sitemaintenance; climaintenance.html is 503 with a page for people.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from email_validator import EmailNotValidError, validate_email

TOKEN = "0123456789abcdef0123456789abcdef"
STUDENT = 5
FUNCTIONS = (
    "core_webservice_get_site_info", "core_user_get_users_by_field", "core_user_get_users", "core_user_create_users",
    "core_course_get_courses_by_field", "core_enrol_get_users_courses", "enrol_manual_enrol_users",
    "core_cohort_add_cohort_members",
)  # fmt: skip
CREATE_KEYS = (
    "createpassword username auth password firstname lastname email maildisplay city country timezone description "
    "firstnamephonetic lastnamephonetic middlename alternatename interests institution department phone1 phone2 "
    "address idnumber lang calendartype theme mailformat customfields preferences"
)
PAGE = "<!DOCTYPE html><html><head><title>Karbantartás</title></head><body>Karbantartás</body></html>".encode()


class MoodleError(Exception):
    """An exception of Moodle's."""

    def __init__(self, kind: str, errorcode: str, message: str, debuginfo: str = "") -> None:
        super().__init__(message)
        self.kind, self.errorcode, self.message, self.debuginfo = kind, errorcode, message, debuginfo


def invalid(debuginfo: str) -> MoodleError:
    """What most wrong values end in; without debugging nobody learns which."""
    return MoodleError("invalid_parameter_exception", "invalidparameter", "Invalid parameter value detected", debuginfo)


@dataclass
class User:
    """A row of mdl_user; `visible`: whether the token may see it."""

    id: int
    username: str
    email: str
    firstname: str
    lastname: str
    suspended: bool = False
    visible: bool = True
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Moodle:
    """The running site and what a test may change of it.

    `courses`: short name → number; `closed` courses have no manual enrolment. `drop_after` and `drop_before` are
    functions whose next call is carried out (or not) and never answered; `stall` ones wait for `resume`.
    """

    port: int = 0
    users: list[User] = field(default_factory=list)
    courses: dict[str, int] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    enrolments: set[tuple[int, int]] = field(default_factory=set)
    cohort: set[int] = field(default_factory=set)
    functions: set[str] = field(default_factory=lambda: set(FUNCTIONS))
    refuses: set[str] = field(default_factory=set)  # functions for which the token's user lacks a capability
    languages: set[str] = field(default_factory=lambda: {"en", "hu"})
    debugging: bool = False
    same_email: bool = False  # $CFG->allowaccountssameemail
    case_sensitive: bool = True  # PostgreSQL; MySQL's usual collation is not, nor does it see accents
    maintenance: str = ""  # "json" or "page"
    rest: bool = True
    page_for: set[str] = field(default_factory=set)
    drop_after: list[str] = field(default_factory=list)
    drop_before: list[str] = field(default_factory=list)
    stall: set[str] = field(default_factory=set)
    resume: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    passwords_mailed: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)  # the request lines, where no secret may stand
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def add(self, username: str, email: str, first: str = "Anna", last: str = "Kovács", **values: Any) -> User:
        """An account that is there already."""
        user = User(len(self.users) + 101, username, email, first, last, **values)
        self.users.append(user)
        return user

    def count(self, function: str) -> int:
        """How often it was called."""
        return sum(name == function for name, _ in self.calls)

    def courses_of(self, email: str) -> set[str]:
        """Short names of the courses of the account with this address."""
        mine = {
            course for user, course in self.enrolments if user in {one.id for one in self.users if one.email == email}
        }
        return {name for name, number in self.courses.items() if number in mine}

    def answer(self, form: dict[str, str]) -> Any:
        """The function's result; raises MoodleError. As in a transaction: an error leaves nothing behind."""
        if self.maintenance == "json":
            raise MoodleError("moodle_exception", "sitemaintenance", "A portál karbantartás alatt áll")
        if form.pop("wstoken", "") != TOKEN:
            raise MoodleError("moodle_exception", "invalidtoken", "Invalid token - token not found")
        name = form.pop("wsfunction", "")
        assert form.pop("moodlewsrestformat", "") == "json"
        parameters = nested(form)
        with self.lock:
            self.calls.append((name, parameters))
        if name not in FUNCTIONS:
            raise MoodleError(
                "dml_missing_record_exception", "invalidrecord", "Can't find data record in database table"
            )
        if name not in self.functions:
            raise MoodleError("webservice_access_exception", "accessexception", "Access control exception")
        if name in self.refuses:
            message = "Sorry, but you do not currently have permissions to do that."
            raise MoodleError("required_capability_exception", "nopermissions", message)
        with self.lock:
            try:
                return getattr(self, f"_{name}")(**parameters)
            except (TypeError, KeyError) as error:
                raise invalid(f"Missing required key in single structure: {error}") from error

    def _core_webservice_get_site_info(self) -> dict[str, Any]:
        functions = [{"name": name, "version": "2024042200"} for name in sorted(self.functions)]
        return {"sitename": "ASP oktatás", "username": "aspoktatas-ws", "release": "4.4.1 (Build: 20240610)",
                "siteurl": self.url, "functions": functions}  # fmt: skip

    def _core_user_get_users_by_field(self, field: str, values: list[str]) -> list[dict[str, Any]]:
        clean = {"username": clean_username, "email": clean_email}[field]
        for value in values:
            if clean(value) != value:
                raise invalid(f"The field '{field}' value is invalid: {value}(cleaned value: {clean(value)})")
        found = [user for user in self.users if any(self._equal(getattr(user, field), value) for value in values)]
        return [details(user) for user in found if user.visible]

    def _core_user_get_users(self, criteria: list[dict[str, str]]) -> dict[str, Any]:
        [one] = criteria
        assert one["key"] == "email"
        pattern = re.escape(clean_email(one["value"])).replace("_", ".").replace("%", ".*")
        found = [user for user in self.users if re.fullmatch(pattern, user.email, re.IGNORECASE) and user.visible]
        return {"users": [details(user) for user in found], "warnings": []}

    def _core_user_create_users(self, users: list[dict[str, Any]]) -> list[dict[str, Any]]:
        before = list(self.users)
        try:
            return [self._create(values) for values in users]
        except MoodleError:
            self.users = before  # rolled back; the mails are gone
            raise

    def _create(self, values: dict[str, Any]) -> dict[str, Any]:
        if unknown := values.keys() - CREATE_KEYS.split():
            raise invalid(f"Unexpected keys ({', '.join(sorted(unknown))}) detected in parameter array.")
        username, email = values["username"], values["email"]
        for name in ("username", "firstname", "lastname"):
            if not values[name].strip():
                raise invalid(f"The field {name} cannot be blank")
            if len(values[name]) > 100:
                raise MoodleError("dml_write_exception", "dmlwriteexception", "Error writing to database")
        if clean_username(username) != username or clean_email(email) != email or re.search("[<>]", str(values)):
            raise invalid("Invalid parameter value detected")
        if any(user.username == username for user in self.users):
            raise invalid(f"Username already exists: {username}")
        if values.get("auth", "manual") not in ("manual", "oauth2") or values.get("lang", "hu") not in self.languages:
            raise invalid("Invalid authentication type or language code")
        if not values.get("password") and values.get("createpassword") != "1":
            raise invalid("Invalid password: you must provide a password, or set createpassword.")
        if not self.same_email and any(user.email.lower() == email.lower() for user in self.users):
            raise invalid(f"Email address already exists: {email}")
        user = self.add(username, email, values["firstname"], values["lastname"], values=values)
        self.passwords_mailed.append(email)
        return {"id": user.id, "username": username}

    def _core_course_get_courses_by_field(self, field: str, value: str) -> dict[str, Any]:
        assert field == "shortname"
        found = [{"id": number, "shortname": name.replace("&", "&amp;")} for name, number in self.courses.items()
                 if self._equal(name, value)]  # fmt: skip
        return {"courses": found, "warnings": []}

    def _core_enrol_get_users_courses(self, userid: str, returnusercount: str) -> list[dict[str, Any]]:
        assert returnusercount == "0"
        names = {number: name for name, number in self.courses.items()}
        mine = sorted(course for user, course in self.enrolments if user == int(userid))
        return [{"id": course, "shortname": names[course]} for course in mine]

    def _enrol_manual_enrol_users(self, enrolments: list[dict[str, str]]) -> None:
        made = set()
        for one in enrolments:
            course = int(one["courseid"])
            if course not in self.courses.values():
                raise MoodleError("dml_missing_record_exception", "invalidrecord", "Can't find data record")
            if int(one["roleid"]) != STUDENT:
                raise MoodleError("moodle_exception", "wsusercannotassign", "You don't have the permission")
            if course in self.closed:
                raise MoodleError("moodle_exception", "wsnoinstance", "Manual enrolment plugin instance doesn't exist")
            made.add((int(one["userid"]), course))
        self.enrolments |= made

    def _core_cohort_add_cohort_members(self, members: list[dict[str, Any]]) -> dict[str, Any]:
        [one] = members
        assert one["cohorttype"]["type"] == "idnumber"
        if one["cohorttype"]["value"] != "asp":
            return {"warnings": [{"warningcode": "1", "message": "cohort asp not exists"}]}
        self.cohort.add(int(one["usertype"]["value"]))
        return {"warnings": []}

    def _equal(self, one: str, other: str) -> bool:
        if self.case_sensitive:
            return one == other
        blind = str.maketrans("áéíóöőúüű", "aeiooouuu")
        return one.lower().translate(blind) == other.lower().translate(blind)


def details(user: User) -> dict[str, Any]:
    """A user as `user_description` has it."""
    return {"id": user.id, "username": user.username, "email": user.email, "suspended": user.suspended,
            "fullname": f"{user.lastname} {user.firstname}"}  # fmt: skip


def clean_username(value: str) -> str:
    """PARAM_USERNAME."""
    return re.sub(r"[^-.@_a-z0-9]", "", value.strip().lower())


def clean_email(value: str) -> str:
    """PARAM_EMAIL: nothing is left of what PHP takes for no address."""
    try:
        local, _, domain = value.rpartition("@")
        validate_email(value, check_deliverability=False, allow_smtputf8=False, test_environment=True)
        return value if local.isascii() and domain.isascii() else ""
    except EmailNotValidError:
        return ""


def nested(form: dict[str, str]) -> dict[str, Any]:
    """As PHP makes arrays of users[0][email]=…"""
    tree: dict[str, Any] = {}
    for name, value in form.items():
        keys = re.findall(r"[^\[\]]+", name)
        place = tree
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return {key: _lists(value) for key, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(one) for key, one in value.items()}


class _Handler(BaseHTTPRequestHandler):
    moodle: Moodle

    def do_POST(self) -> None:
        """The REST server, and its silences."""
        self.moodle.addresses.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode("utf-8")
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        function = form.get("wsfunction", "")
        if silence := self._silence():
            return self._send(*silence)
        if _take(self.moodle.drop_before, function):
            return self._hang_up()
        content = self._content(form)
        if function in self.moodle.stall:
            self.moodle.resume.wait(20)
        if _take(self.moodle.drop_after, function):
            return self._hang_up()
        if function in self.moodle.page_for:
            return self._send(200, "text/html", b"<br />\n<b>Warning</b>: Undefined array key" + content)
        return self._send(200, "application/json", content)

    def _silence(self) -> tuple[int, str, bytes] | None:
        """What is said where nothing of the form is looked at."""
        if self.path != "/webservice/rest/server.php":
            return 404, "text/html", PAGE
        if not self.moodle.rest:
            return 403, "text/html", b""
        return (503, "text/html", PAGE) if self.moodle.maintenance == "page" else None

    def _content(self, form: dict[str, str]) -> bytes:
        try:
            answer = self.moodle.answer(form)
        except MoodleError as error:
            answer = {"exception": error.kind, "errorcode": error.errorcode, "message": error.message}
            if self.moodle.debugging and error.debuginfo:
                answer["debuginfo"] = error.debuginfo
        return json.dumps(answer).encode()

    def _hang_up(self) -> None:
        self.close_connection = True

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        if status == 503:
            self.send_header("Retry-After", "300")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _take(names: list[str], name: str) -> bool:
    """Whether it stands there; then it does no more."""
    if name not in names:
        return False
    names.remove(name)
    return True


@contextmanager
def run_moodle() -> Iterator[Moodle]:
    """A Moodle without accounts, as long as the block lasts."""
    moodle = Moodle()
    handler = type("Handler", (_Handler,), {"moodle": moodle})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    moodle.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield moodle
    finally:
        moodle.resume.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
