"""A real Chromium on a live server of the product."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.review.factory import make_user

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: ./tools/install-test-servers installs it")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django would otherwise refuse the tests' own queries
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh profile whose addresses are relative to the live server."""
    context = chromium.new_context(base_url=live_server.url, locale="hu-HU", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def visitor(context: BrowserContext) -> Iterator[Page]:
    """A page without a login; an error on its console or in its scripts fails the test."""
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "409 (Conflict)" not in message.text:  # a refused save is no fault
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.fixture
def user(transactional_db: None) -> User:
    """A member of staff."""
    return make_user()


@pytest.fixture
def page(visitor: Page, user: User) -> Page:
    """A page of a logged-in member of staff, by the login form."""
    visitor.goto("/")
    visitor.get_by_label("Felhasználónév").fill("ugyintezo")
    visitor.get_by_label("Jelszó").fill("jelszo-12345")
    visitor.get_by_role("button", name="Bejelentkezés").click()
    visitor.wait_for_url("**/")
    return visitor
