"""Every page of the product and how to come to it, for the accessibility tests and the screenshots.

A new address belongs into PAGES, or, where a GET of it shows no page, into NO_PAGE; a test holds config.urls to it.
Addresses that take POST alone need no line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page

from tests.browser.desk_world import a_replay, a_replayed_mail, an_upload
from tests.browser.portal_world import a_run
from tests.browser.world import World


@dataclass(frozen=True, slots=True)
class Stop:
    """A page in one of its states; `act` brings it there after it was opened."""

    name: str  # what the screenshot is called
    url_name: str
    find: Callable[[World], dict[str, object]] = lambda _: {}  # the address's arguments
    query: str = ""
    act: Callable[[Page], None] = lambda _: None
    public: bool = False  # shown before the login
    wide_only: bool = False  # what `act` presses is not on a phone

    def address(self, world: World) -> str:
        """The path to open."""
        return reverse(self.url_name, kwargs=self.find(world)) + self.query


def _tab(slug: str) -> Stop:
    return Stop(f"queue-{slug}", "queue", query=f"?tab={slug}")


def _press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _open_menu(page: Page) -> None:
    """The main menu is folded on a phone only."""
    if page.locator(".narrow-menu").is_visible():
        page.locator(".narrow-menu summary").click()


def _reject(page: Page) -> None:
    page.locator("[data-key=r]").click()
    page.locator("#reason").fill("Nem önkormányzati munkatárs.")
    page.locator(".reject button[name=preview]").click()
    page.wait_for_load_state()


def _approve_despite(page: Page) -> None:
    page.locator("[data-key=a]").click()
    page.wait_for_load_state()


def _try_a_mail(page: Page) -> None:
    page.locator("#t-sender").fill("Kovács Anna <kovacs.anna@tiszacsege.hu>")
    page.locator("#t-text").fill("Kérem Kovács Anna regisztrációját.\nÖnkormányzat: Tiszacsege\nSzakrendszer: adó")
    page.get_by_role("button", name="Kipróbálás").click()
    page.wait_for_load_state()


def _view(word: str) -> Callable[[Page], None]:
    """Another view of the original mail, beside the case."""

    def choose(page: Page) -> None:
        page.locator(".original .views a", has_text=word).click()
        page.locator(".original .views a[aria-current]", has_text=word).wait_for()

    return choose


def _find_person(page: Page) -> None:
    page.get_by_label("vagy teljes név").fill("Kovács Anna")
    page.get_by_role("button", name="Keresés").click()
    page.get_by_role("heading", name="Egy személy adatai").wait_for()


def _open_row(page: Page) -> None:
    page.locator(".directory .act button").first.click()
    page.wait_for_load_state()


PAGES: tuple[Stop, ...] = (
    Stop("login", "login", public=True),
    Stop("queue", "queue"),
    *(
        _tab(one)
        for one in ("incomplete", "review", "quarantine", "drafts", "uncertain", "approved", "closed", "mails")
    ),
    Stop("queue-nothing-found", "queue", query="?q=nincsilyen"),
    Stop("help", "queue", act=_press("[data-help]"), wide_only=True),
    Stop("menu", "queue", act=_open_menu),
    Stop("person-menu", "queue", act=_press("details.person > summary")),
    Stop("case", "case", lambda world: {"pk": world.incomplete}),
    Stop("case-ready", "case", lambda world: {"pk": world.ready}),
    Stop("case-conversation", "case", lambda world: {"pk": world.conversation}),
    Stop("case-rejected", "case", lambda world: {"pk": world.rejected}),
    Stop("case-approved", "case", lambda world: {"pk": world.approved}),
    Stop("case-approve-despite", "case", lambda world: {"pk": world.incomplete}, act=_approve_despite),
    Stop("case-reject-letter", "case", lambda world: {"pk": world.incomplete}, act=_reject),
    Stop("case-ask", "case-ask", lambda world: {"pk": world.incomplete}),
    Stop("mail", "mail", lambda world: {"pk": world.mail}),
    Stop("mail-failed", "mail", lambda world: {"pk": world.failed}),
    Stop("mail-link", "mail-link", lambda world: {"pk": world.mail}, query="?q=kov"),
    Stop("mail-write", "mail-write", lambda world: {"pk": world.mail}),
    Stop("reply-draft", "reply", lambda world: {"pk": world.draft}),
    Stop("reply-uncertain", "reply", lambda world: {"pk": world.uncertain}),
    Stop("handover", "handover"),
    Stop("handover-file", "handover-file", lambda world: {"pk": world.export}),
    Stop("portal-run", "portal-run", lambda _: a_run()),
    Stop("letters", "preview"),
    Stop("stop-sending", "queue", act=_press(".mode button.danger")),
    Stop("directories", "directories"),
    *(
        Stop(f"directory-{one}", "directory", lambda _, one=one: {"name": one})  # type: ignore[misc]
        for one in ("register", "gazetteer", "clerks", "accounts", "addresses")
    ),
    Stop("directory-row", "directory", lambda _: {"name": "register"}, act=_open_row),
    Stop("directory-add", "directory-add", lambda _: {"name": "clerks"}),
    Stop("directory-upload", "directory-upload", lambda _: an_upload()),
    Stop("place", "place", lambda _: {"name": "Orfű"}),
    Stop("directory-changes", "directory-changes"),
    Stop("modules", "modules"),
    Stop("module", "module", lambda _: {"module": "PM-2770-2105-BS"}),
    Stop("ruledesk", "ruledesk"),
    Stop("ruledesk-tried", "ruledesk", act=_try_a_mail),
    Stop("replays", "replays"),
    Stop("replay", "replay", lambda _: a_replay()),
    Stop("replay-mail", "replay-mail", lambda _: a_replayed_mail()),
    Stop("drafts", "drafts"),
    Stop("feedback", "feedback"),
    Stop("case-headers", "case", lambda world: {"pk": world.incomplete}, act=_view("Fejlécek")),
    Stop("case-html", "case", lambda world: {"pk": world.incomplete}, act=_view("Formázott")),
    Stop("case-files", "case", lambda world: {"pk": world.incomplete}, act=_view("Mellékletek")),
    Stop("overview", "overview"),
    Stop("privacy", "privacy"),
    Stop("privacy-person", "privacy", act=_find_person),
    Stop("retention", "retention"),
    Stop("password", "password"),
    Stop("own-account", "own-account"),
    Stop("devices", "devices"),
    Stop("people", "people"),
    Stop("member", "member", lambda _: {"pk": User.objects.get().pk}),
    Stop("log", "log", query="?who=all"),
    Stop("forgotten", "account_reset_password", public=True),
    Stop("forgotten-sent", "account_reset_password_done", public=True),
    Stop("forgotten-done", "account_reset_password_from_key_done", public=True),
    Stop("login-closed", "account_inactive", public=True),
    Stop("login-cancelled", "socialaccount_login_cancelled", public=True),
)
_WALKED = "tests/browser/test_people.py walks through it"
NO_PAGE = {
    "mail-html": "the stranger's mail itself, within a sandboxed frame",
    "mail-raw": "a download",
    "mail-attachment": "a download",
    "handover-download": "a download",
    "directory-upload-download": "a download",
    "module-words": "a download",
    "replay-download": "a download",
    "replay-progress": "the page of a replay once more, for the page itself",
    "mail-picture": "a picture within a mail",
    "mail-view": "a part of a page, for the page itself",
    "queue-news": "a part of a page, for the page itself",
    "portal-run-progress": "the page of a run once more, for the page itself",
    "overview-picture": "a picture",
    "overview-table": "a download",
    "overview-report": "a download",
    "preview-html": "a letter itself, within a frame",
    "case-ask-look": "the same, for the page that writes it",
    **dict.fromkeys(
        ("account_login", "account_change_password"), "the library's name for an address that has its own here"
    ),
    **dict.fromkeys(
        (
            "account_reauthenticate",
            "account_reset_password_from_key",
            "invitation",
            "invitation-accept",
            "mfa_activate_totp",
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_reauthenticate",
            "mfa_view_recovery_codes",
        ),
        _WALKED,
    ),
    "mfa_index": "leads to one's own page",
    "mfa_download_recovery_codes": "a download",
    "log-export": "a download",
    "openid_connect_login": "leads to the provider",
    "openid_connect_callback": "comes from the provider",
    "socialaccount_login_error": "a refusal (tests/staff/test_provider.py)",
    "health": "for probes",
    "health-live": "for probes",
    "health-ready": "for probes",
    "metrics": "for probes",
}


def walk(found: URLResolver | URLPattern | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The full name and the pattern of every address in config.urls."""
    found = found or get_resolver()
    if isinstance(found, URLPattern):
        yield f"{before}{found.name}", found
        return
    inner = f"{before}{found.namespace}:" if found.namespace else before
    for one in found.url_patterns:
        yield from walk(one, inner)
