"""Several mailboxes in one configuration, and the one line for what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.environment import ConfigurationError, Environment, load_environment

FIRST = {
    "IMAP_URL": "imaps://oktatas%40hivatal.hu:x@mail.hivatal.hu/INBOX",
    "SMTP_URL": "smtps://mail.hivatal.hu",
    "ADDRESS": "oktatas@hivatal.hu, regi@hivatal.hu",
}
SECOND = "imaps://kepzes%40hivatal.hu:x@mail.hivatal.hu/Be%C3%A9rkezett"
Load = Callable[..., Environment]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a folder of its own under the given variables beside FIRST."""

    def load(**variables: str) -> Environment:
        monkeypatch.delenv("ASPOKTATAS_DATABASE_URL", raising=False)
        for name, value in {**FIRST, **variables}.items():
            monkeypatch.setenv(f"ASPOKTATAS_{name}", value)
        return load_environment(tmp_path)

    return load


def test_one_mailbox_is_the_first(load: Load) -> None:
    environment = load()
    [account] = environment.accounts
    assert (account.suffix, account.mailbox, account.address) == ("", "oktatas@hivatal.hu", "oktatas@hivatal.hu")
    assert environment.account_of("somebody@else.hu") == account


def test_another_has_its_own_server_and_address(load: Load) -> None:
    environment = load(
        IMAP_URL_3=SECOND, SMTP_URL_3="smtps://ki.hivatal.hu", ADDRESS_3="Kepzes@hivatal.hu,tanfolyam@hivatal.hu"
    )
    second = environment.accounts[1]
    assert environment.account_of("kepzes@hivatal.hu") == second
    assert (second.suffix, second.address) == ("_3", "kepzes@hivatal.hu")
    assert second.imap is not None
    assert second.imap.folder == "Beérkezett"
    assert second.smtp is not None
    assert second.smtp.host == "ki.hivatal.hu"
    assert environment.addresses == {
        "oktatas@hivatal.hu", "regi@hivatal.hu", "kepzes@hivatal.hu", "tanfolyam@hivatal.hu"
    }  # fmt: skip
    assert environment.unknown == ()


def test_what_it_does_not_say_is_the_firsts(load: Load) -> None:
    first, second = load(IMAP_URL_2=SECOND).accounts
    assert (second.smtp, second.address) == (first.smtp, first.address)


WRONG = {
    "ADDRESS_2: means nothing without ASPOKTATAS_IMAP_URL_2": {"ADDRESS_2": "a@b.hu"},
    "SMTP_URL_4: means nothing without ASPOKTATAS_IMAP_URL_4": {"SMTP_URL_4": "smtps://b.hu"},
    "IMAP_URL_2: is the same mailbox as ASPOKTATAS_IMAP_URL": {"IMAP_URL_2": FIRST["IMAP_URL"]},
    "IMAP_URL_5: is the same mailbox as ASPOKTATAS_IMAP_URL_2": {"IMAP_URL_2": SECOND, "IMAP_URL_5": SECOND},
    "IMAP_URL_2: must begin with": {"IMAP_URL_2": "pop3://x"},
    "ADDRESS_2: must be one or more e-mail addresses": {"IMAP_URL_2": SECOND, "ADDRESS_2": "kepzes"},
    "IMAP_URL_2: needs a first mailbox": {"IMAP_URL": "", "IMAP_URL_2": SECOND},
    "FOLDER_PASSWORD: must name a folder other than the watched": {
        "IMAP_URL_2": SECOND,
        "FOLDER_PASSWORD": "beérkezett",
    },
    "SENT_FOLDER: must not be the watched folder": {"IMAP_URL_2": SECOND, "SENT_FOLDER": "Beérkezett"},
}


@pytest.mark.parametrize("line", sorted(WRONG))
def test_what_is_wrong_is_one_line(load: Load, line: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(**WRONG[line])
    assert str(caught.value).startswith(f"ASPOKTATAS_{line}")
    assert "\n" not in str(caught.value)
    assert ":x@" not in str(caught.value)


def test_a_number_beyond_nine_is_told_as_unknown(load: Load) -> None:
    assert load(IMAP_URL_10=SECOND).unknown == ("ASPOKTATAS_IMAP_URL_10",)
