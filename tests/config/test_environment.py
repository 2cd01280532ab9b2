"""The configuration: what operators may give, and the one line they get for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.environment import ConfigurationError, Environment, load_environment
from config.stores import GIVEN_UP
from config.variables import Variables
from worker.mail.server import Security

Load = Callable[..., Environment]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a folder of its own under the given variables and nothing else."""

    def load(**variables: str) -> Environment:
        for name in ("DATABASE_URL", "SECRET_KEY", "HOSTS"):
            monkeypatch.delenv(f"ASPOKTATAS_{name}", raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(f"ASPOKTATAS_{name}", value)
        return load_environment(tmp_path)

    return load


def test_nothing_given_is_a_working_configuration(load: Load, tmp_path: Path) -> None:
    environment = load()
    assert environment.imap is None
    assert environment.address == "aspoktatas@allamkincstar.gov.hu"
    assert environment.replies == "draft"
    assert environment.replies_per_hour == 500
    assert environment.one_process
    assert environment.database["NAME"] == str(tmp_path / "aspoktatas.sqlite3")


def test_secret_key_is_made_once_kept_and_private(load: Load, tmp_path: Path) -> None:
    first = load().secret_key
    assert len(first) >= 50
    assert load().secret_key == first
    assert (tmp_path / ".aspoktatas-secret-key").stat().st_mode & 0o077 == 0


def test_whose_authentication_results_are_believed(load: Load) -> None:
    assert load().authenticators is None
    assert load(AUTHENTICATION_SERVERS="none").authenticators == frozenset()
    believed = load(AUTHENTICATION_SERVERS="MX.kincstar.example, unnamed").authenticators
    assert believed is not None
    assert set(believed) == {"mx.kincstar.example", ""}
    for wrong in ("any, mx.kincstar.example", "dmarc=fail", ","):
        with pytest.raises(ConfigurationError, match="AUTHENTICATION_SERVERS"):
            load(AUTHENTICATION_SERVERS=wrong)


def test_server_urls(load: Load) -> None:
    environment = load(
        IMAP_URL="imaps://asp%40x.hu:p%2Fw@mail.x.hu/Be%C3%A9rkezett", SMTP_URL="smtp+starttls://mail.x.hu"
    )
    assert environment.imap is not None
    assert (environment.imap.user, environment.imap.password, environment.imap.port) == ("asp@x.hu", "p/w", 993)
    assert environment.imap.folder == "Beérkezett"
    assert environment.imap.mailbox == "asp@x.hu"
    assert environment.smtp is not None
    assert (environment.smtp.security, environment.smtp.port) == (Security.STARTTLS, 587)
    assert "p/w" not in repr(environment.imap)


def test_values_come_from_files_and_dot_env(load: Load, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file-of-secrets\n")
    (tmp_path / ".env").write_text("ASPOKTATAS_REPLIES=off\nASPOKTATAS_REPLIES_PER_HOUR=7\n")
    environment = load(SECRET_KEY_FILE=str(tmp_path / "key"), REPLIES="on")
    assert environment.secret_key == "from-a-file-of-secrets"
    assert environment.replies == "on"  # a real variable wins
    assert environment.replies_per_hour == 7


def test_since_without_a_zone_is_hungarian_time(load: Load) -> None:
    assert load(SINCE="2026-01-02T08:00").since == datetime(2026, 1, 2, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IMAP_URL", "http://x"),
        ("IMAP_URL", "imap://user:geheim@mail.example.com"),  # unencrypted to another machine
        ("IMAP_URL", "imaps://"),
        ("SMTP_URL", "smtps://host:99999"),
        ("BROKER_URL", "amqp://x"),
        ("DATABASE_URL", "mysql://x"),
        ("REPLIES", "yes"),
        ("REPLIES_PER_HOUR", "-1"),
        ("WEB_PORT", "99999"),
        ("DEBUG", "talan"),
        ("PRIVACY_URL", "nem"),
        ("HOSTS", ","),
        ("HOSTS", "https://oktatas.example.hu"),
        ("SECRET_KEY", "short"),
        ("FOLDER_FAILED", " "),
        ("SINCE", "tegnap"),
        ("ADDRESS", "aspoktatas"),
        ("MOODLE_COURSES", "PM-2777-2105-BS"),
        ("MOODLE_COURSES", "PM-0000-0000-BS=ADO"),
        ("MOODLE_COURSES", "/nowhere/at/all.toml"),
        ("MOODLE_PROFILE_FIELD", "pir;course1"),
        ("MOODLE_DELIMITER", ";"),
        ("MOODLE_MAIL_DISPLAY", "2"),
        ("MOODLE_URL", "http://portal.example.hu"),
        ("MOODLE_URL", "portal.example.hu"),
        ("ALARM_TO", "valaki"),
        ("RETAIN_OTHER", "1"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it_and_repeats_no_secret(load: Load, variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(**{variable: value})
    assert str(caught.value).startswith(f"ASPOKTATAS_{variable}: ")
    assert "\n" not in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_file_that_is_not_there_is_told_beside_a_dot_env_too(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASPOKTATAS_IMAP_URL=imaps://a:b@mail.example.hu/\n")
    with pytest.raises(ConfigurationError, match="ASPOKTATAS_IMAP_URL_FILE: the file it names cannot be read"):
        load(IMAP_URL_FILE="/nowhere/at/all")


def test_a_line_that_means_nothing_is_told(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# a comment\n\nexport ASPOKTATAS_REPLIES=on\nASPOKTATAS_DEBUG on\n")
    with pytest.raises(ConfigurationError, match="line 4"):
        load()


def test_a_sign_that_is_not_encoded_is_offered_as_the_reason(load: Load) -> None:
    with pytest.raises(ConfigurationError, match=r"ASPOKTATAS_IMAP_URL: .* not percent-encoded"):
        load(IMAP_URL="imaps://asp:tit/ok@mail.example.hu/INBOX")


@pytest.mark.parametrize("name", [".env", ".aspoktatas-secret-key"])
def test_a_file_of_ours_that_this_user_may_not_read_is_told(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_text("ASPOKTATAS_REPLIES=on\n")
    read_text = Path.read_text

    def refuse(self: Path, *arguments: Any, **named: Any) -> str:  # the tests may be root, who reads all
        if self.name == name:
            raise PermissionError(13, "Permission denied", str(self))
        return read_text(self, *arguments, **named)

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(ConfigurationError, match=rf"{name}: cannot be read by this user"):
        load()


def test_a_kept_key_that_was_cut_off_is_told(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".aspoktatas-secret-key").touch()
    with pytest.raises(ConfigurationError, match="holds no key"):
        load()


class Closed(type(Path())):  # type: ignore[misc]  # the kind of path that this machine has
    """A folder that this user may not enter; the tests may be root, who enters all."""

    def is_file(self) -> bool:
        raise PermissionError


def test_a_folder_that_may_not_be_entered_is_told() -> None:
    with pytest.raises(ConfigurationError, match="/root: this user may not enter"):
        Variables(Closed("/root"))


def test_mails_are_never_filed_into_the_watched_folder(load: Load) -> None:
    with pytest.raises(ConfigurationError, match="ASPOKTATAS_FOLDER_REVIEW"):
        load(IMAP_URL="imaps://a:b@mail.example.hu/INBOX", FOLDER_REVIEW="inbox")


def test_variables_that_mean_nothing_are_named(load: Load) -> None:
    assert load(REPLYS="on").unknown == ("ASPOKTATAS_REPLYS",)
    assert load(SECRET_KEY_FILE="/dev/null", REPLIES="on").unknown == ("ASPOKTATAS_REPLYS",)


def test_several_processes_need_a_given_key(load: Load) -> None:
    with pytest.raises(ConfigurationError, match="ASPOKTATAS_SECRET_KEY"):
        load(BROKER_URL="redis://127.0.0.1:1/0")


def test_servers_without_a_password_get_tokens_where_an_application_is_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = {
        "ASPOKTATAS_IMAP_URL": "imaps://asp%40pelda.hu@posta.example/INBOX",
        "ASPOKTATAS_SMTP_URL": "smtps://asp%40pelda.hu:jelszo@posta.example",
        "ASPOKTATAS_OAUTH_TENANT": "pelda.example",
        "ASPOKTATAS_OAUTH_CLIENT_ID": "aspoktatas",
        "ASPOKTATAS_OAUTH_CLIENT_SECRET": "titok",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    environment = load_environment(tmp_path)
    assert environment.imap is not None
    assert environment.smtp is not None
    assert environment.imap.tokens is not None
    assert environment.smtp.tokens is None
    assert "titok" not in repr(environment)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"TENANT": "a", "CLIENT_ID": "b"}, "OAUTH_CLIENT_SECRET"),
        ({"TENANT": "a", "CLIENT_SECRET": "b"}, "OAUTH_CLIENT_ID"),
        ({"CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "OAUTH_TENANT"),
        ({"AUTHORITY": "http://a", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "OAUTH_AUTHORITY"),
        ({"GOOGLE_KEY": "{}"}, "OAUTH_GOOGLE_KEY"),
    ],
)
def test_half_of_an_application_is_refused_by_name(
    given: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"ASPOKTATAS_OAUTH_{name}", value)
    with pytest.raises(ConfigurationError, match=f"^ASPOKTATAS_{named}:"):
        load_environment(tmp_path)


def test_a_database_that_vanishes_is_given_up_and_the_url_says_when(load: Load) -> None:
    url = "postgres://asp@db.example/ledger?connect_timeout=3&DISABLE_SERVER_SIDE_CURSORS=true"
    database = load(DATABASE_URL=url).database
    assert database["OPTIONS"] == {**GIVEN_UP, "connect_timeout": 3}
    assert database["DISABLE_SERVER_SIDE_CURSORS"]
