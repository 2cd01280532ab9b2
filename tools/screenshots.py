"""Pictures of the staff page with made-up people, in a real Chromium.

python -m tools.screenshots                 renews docs/images (tools/pictures.py says which)
python -m tools.screenshots FOLDER [NAME…]  every page (or those named), in three themes, on a desktop and on a phone
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tools.pictures import IMAGES, PICTURES, make_small

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.browser.pages import Stop
    from tests.browser.world import World

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PASSWORD = "jelszo-12345"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
THEMES = ("light", "dark", "high-contrast")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # the base class names it so
        """No line a request."""


def main() -> int:
    """Fill a throw-away database, serve it, take the pictures."""
    target = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ |= {
            "ASPOKTATAS_DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "ASPOKTATAS_SECRET_KEY": secrets.token_hex(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
        import django  # noqa: PLC0415  # the settings read what stands above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        with make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            _photograph(f"http://127.0.0.1:{server.server_port}", target, sys.argv[2:])
            server.shutdown()
    return 0


def _photograph(address: str, target: Path | None, names: list[str]) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.browser.chromium import find_chromium  # noqa: PLC0415
    from tests.browser.pages import PAGES  # noqa: PLC0415
    from tests.browser.world import fill  # noqa: PLC0415
    from tests.review.factory import make_user  # noqa: PLC0415

    world = fill(make_user(password=PASSWORD))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        if target is None:
            _for_the_docs(browser, address, world)
        else:
            target.mkdir(parents=True, exist_ok=True)
            stops = [stop for stop in PAGES if not names or stop.name in names]
            for theme in THEMES:
                with _visitor(browser, address, theme) as stranger, _visitor(browser, address, theme) as page:
                    _log_in(page)
                    for stop in stops:
                        name = target / f"{stop.name}.{theme}"
                        _take(stranger if stop.public else page, stop, stop.address(world), name)
        browser.close()


def _for_the_docs(browser: Browser, address: str, world: World) -> None:
    from tests.browser.pages import PAGES, Stop  # noqa: PLC0415

    # No page of the list, for tests walk through it: here it is only looked at.
    stops = {stop.name: stop for stop in (*PAGES, Stop("second-factor", "mfa_activate_totp", act=_wait_for_code))}
    for picture in PICTURES:
        stop = stops[picture.stop]
        with _visitor(browser, address, "light") as page:
            if not stop.public:
                _log_in(page)
            page.set_viewport_size({"width": picture.width, "height": picture.height})
            page.goto(stop.address(world))
            stop.act(page)
            page.wait_for_load_state("networkidle")
            path = IMAGES / f"{picture.name}.png"
            (page.locator(picture.part) if picture.part else page).screenshot(path=path)
            make_small(path)


def _wait_for_code(page: Page) -> None:
    page.locator(".qr").wait_for()


def _take(page: Page, stop: Stop, address: str, name: Path) -> None:
    """`NAME.wide.png` and `NAME.narrow.png`, each as long as the page is."""
    for size, word in ((DESKTOP, "wide"), (PHONE, "narrow")):
        page.set_viewport_size(size)
        page.goto(address)
        if word == "wide" or not stop.wide_only:
            stop.act(page)
        page.evaluate("for (const one of document.images) one.loading = 'eager'")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=f"{name}.{word}.png", full_page=True)


@contextmanager
def _visitor(browser: Browser, address: str, theme: str) -> Iterator[Page]:
    """A page of its own profile, in this theme."""
    context = browser.new_context(base_url=address, viewport=DESKTOP, locale="hu-HU")
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    yield context.new_page()
    context.close()


def _log_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("Felhasználónév").fill("ugyintezo")
    page.get_by_label("Jelszó").fill(PASSWORD)
    page.get_by_role("button", name="Bejelentkezés").click()
    page.wait_for_url("**/")


if __name__ == "__main__":
    sys.exit(main())
