"""Hostile HTML mails in a real browser: nothing runs, nothing is fetched, nothing is even tried.

Every host of the mails leads to a server that listens, and to it go the reports of the frame's policy too: it must stay
alone. That it would notice is shown by the same mails as they came, under the same policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route
from pytest_django.live_server_helper import LiveServer

from review.originals import read_html
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.listening import Listening, listening
from tests.hostile.markup import MARKUP
from tests.review.factory import make_mail, make_raw, make_registration
from worker.models import Mail

pytestmark = pytest.mark.browser
REPORTS = "http://reports.example/csp"
OPEN = "--disable-features=LocalNetworkAccessChecks"  # a guard of this browser alone, which would do our work here
LIVING = "<p>Ez a levél él.</p>"
OLD = (Path(__file__).parents[1] / "review" / "hostile.html").read_text("utf-8")
BODIES = MARKUP | {"old": OLD}


@dataclass
class Watched:
    """A logged-in page, who came to the server, and what the browser said."""

    page: Page
    server: Listening
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Remember what a dialog said, and close it."""
        self.said.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def elsewhere(self, own: str) -> list[str]:
        """What was asked of anybody but the product."""
        return [one for one in self.asked if not one.startswith((own, "data:", "about:"))]


@pytest.fixture
def watched(chromium: Browser, live_server: LiveServer, page: Page) -> Iterator[Watched]:
    """The product in a browser of its own, for which every host of the mails is ours."""
    kind: Any = chromium.browser_type
    with listening() as server:
        rules = f"MAP *.example 127.0.0.1:{server.port}"  # the browser calls its maker, too
        arguments = [*ARGUMENTS, f"--host-resolver-rules={rules}", OPEN]
        browser = kind.launch(executable_path=find_chromium(), args=arguments)
        context: BrowserContext = browser.new_context(
            base_url=live_server.url, storage_state=page.context.storage_state(), locale="hu-HU"
        )
        watched = Watched(context.new_page(), server)
        watched.page.on("console", lambda message: watched.said.append(message.text))
        watched.page.on("dialog", watched.dismiss)
        watched.page.on("pageerror", lambda error: watched.said.append(f"error {error}"))
        watched.page.on("popup", lambda popup: watched.said.append(f"popup {popup.url}"))
        context.on("request", lambda request: watched.asked.append(request.url))
        yield watched
        browser.close()


def with_reports(route: Route, body: str | None = None) -> None:
    """The frame as the product sends it (or with `body` for its content), its policy's breaches told to REPORTS."""
    response = route.fetch()
    headers = response.headers | {
        "content-security-policy": f"{response.headers['content-security-policy']}; report-uri {REPORTS}"
    }
    route.fulfill(response=response, headers=headers, body=body if body is not None else response.body())


def mail_of(name: str) -> Mail:
    return make_mail(make_raw("szöveg", html=LIVING + BODIES[name], subject=name), kind="other", outcomes=["review"])


def open_frame(page: Page, mail: Mail) -> None:
    """The mail's page with its formatted view, until everything that it asks for is there."""
    page.goto(f"/mails/{mail.pk}?mail={mail.pk}&view=html")
    page.frame_locator("iframe[data-frame]").get_by_text("Ez a levél él.").wait_for()
    page.wait_for_load_state("networkidle")


def test_nothing_runs_and_nothing_is_even_tried(watched: Watched, live_server: LiveServer) -> None:
    assert len(BODIES) >= 45
    watched.page.route("**/mails/*/html*", lambda route: with_reports(route))  # noqa: PLW0108  # one argument only
    for name in BODIES:
        mail = mail_of(name)
        watched.page.goto(f"/mails/{mail.pk}?mail={mail.pk}&view=html")
        frame = watched.page.frame_locator("iframe[data-frame]")
        frame.get_by_text("Ez a levél él.").wait_for()
        assert watched.page.title().startswith(name), name
        assert watched.page.url.startswith(live_server.url), name
        assert (
            frame.locator("body").locator("script, a, form, input, iframe, object, embed, svg, link, base").count() == 0
        ), name
        assert (watched.said, watched.server.seen, watched.elsewhere(live_server.url)) == ([], [], []), name
    watched.page.wait_for_load_state("networkidle")
    assert watched.server.seen == []


def test_what_is_clicked_leads_nowhere(watched: Watched, live_server: LiveServer) -> None:
    for name in ("links-that-run", "link-that-leaves", "form", "overlay", "image-map"):
        mail = mail_of(name)
        open_frame(watched.page, mail)
        for place in watched.page.frame_locator("iframe[data-frame]").locator("u, p, div, td").all()[:20]:
            place.click(force=True, timeout=2000, no_wait_after=True)
        assert watched.page.url.startswith(f"{live_server.url}/mails/{mail.pk}"), name
        assert (watched.server.seen, watched.elsewhere(live_server.url)) == ([], []), name


def test_the_second_wall_stands_alone_and_the_server_would_notice(watched: Watched, live_server: LiveServer) -> None:
    """The same mails as they came, as if nothing had been taken out of them: the policy and the sandbox hold."""
    served: dict[str, str] = {}
    watched.page.route("**/mails/*/html*", lambda route: with_reports(route, served["body"]))
    for name in ("script", "handlers", "svg", "tracking-pixels", "style-sheet", "media", "objects", "form", "frames"):
        served["body"] = f"<!doctype html><meta charset=utf-8>{LIVING}{BODIES[name]}"
        mail = make_mail(make_raw("szöveg", html=LIVING), kind="other", outcomes=["review"])
        open_frame(watched.page, mail)
        assert "hit" not in watched.page.title(), name
    requests = [line for line in watched.server.seen if line.endswith("HTTP/1.1")]
    assert len(requests) >= 5
    assert set(requests) == {"POST /csp HTTP/1.1"}, "reports, and nothing that a mail asked for"


def test_the_case_page_shows_a_hostile_mail_safely(watched: Watched, live_server: LiveServer) -> None:
    html = "<p>Név: Kovács Anna</p>" + "".join(BODIES[name] for name in ("svg", "tracking-pixels", "overlay", "base"))
    registration = make_registration(raw=make_raw(f"Név: Kovács Anna\n{BODIES['script']}", html=html))
    for view in ("text", "html", "headers", "raw"):
        watched.page.goto(f"/registrations/{registration.pk}?mail={registration.mail_id}&view={view}")
        watched.page.get_by_label("Teljes név").focus()
        watched.page.wait_for_load_state("networkidle")
    assert (watched.said, watched.server.seen, watched.elsewhere(live_server.url)) == ([], [], [])


def test_what_the_frame_holds_is_what_the_lists_allow() -> None:
    shown = read_html(make_raw("szöveg", html="".join(BODIES.values()))).markup
    assert json.dumps(shown).count("evil.example") == shown.count("evil.example")  # as text at most
    assert "src=" not in shown.replace('src="data:image/', "")
