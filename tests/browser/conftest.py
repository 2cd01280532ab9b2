"""A real Chromium on a live server of the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.review.factory import make_user


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django would otherwise refuse the tests' own queries
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
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
def page(visitor: Page, user: User, live_server: LiveServer) -> Page:
    """A page of a logged-in member of staff. The login form, which others fill in (test_people.py), is not drawn."""
    agent = visitor.evaluate("navigator.userAgent")
    client = Client(headers={"user-agent": agent})
    answer = client.post("/login", {"username": user.username, "password": "jelszo-12345"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    visitor.context.add_cookies([{"name": name, "value": value, "url": live_server.url, "httpOnly": True}])
    visitor.goto("/")
    return visitor
