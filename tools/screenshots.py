"""Makes docs/images/{queue,case,conversation,drafts,phone}.png: the staff page with made-up people, in a real Chromium.

python -m tools.screenshots
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PASSWORD = "only-for-the-pictures"
PEOPLE = (
    ("Kovácsné Nagy Éva", "Tiszacsege", "740746", "Hajdú-Bihar", "nagy.eva@tiszacsege.hu"),
    ("Szabó Anna Mária", "Kerecsend", "740373", "Heves", "szabo.anna@kerecsend.hu"),
    ("Tóth Béla", "Lajosmizse", "741116", "Bács-Kiskun", "toth.bela@lajosmizse.hu"),
    ("Horváth Jánosné", "Zalalövő", "741480", "Zala", "horvathne.marika@gmail.com"),
    ("Őry Zsófia", "Budapest XIII. kerület", "741853", "Budapest", "ory.zsofia@budapest13.hu"),
    ("Fekete Lilla", "Hajdúszoboszló", "742597", "Hajdú-Bihar", "fekete.lilla@hajduszoboszlo.hu"),
    ("Kis Pál", "Orfű", "742960", "Baranya", "kispal@orfu.hu"),
)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # the base class names it so
        """No line a request."""


def main() -> int:
    """Fill a throw-away database, serve it, take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ |= {
            "ASPOKTATAS_DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "ASPOKTATAS_SECRET_KEY": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
        import django  # noqa: PLC0415  # the settings read what stands above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        conversation, case = _talk(), _fill()
        with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            _photograph(f"http://127.0.0.1:{server.server_port}", case, conversation)
            server.shutdown()
    return 0


def _fill() -> int:
    """Made-up requests; returns the key of the one whose page is shown."""
    from rules.model import Note, Problem, Status  # noqa: PLC0415
    from tests.review import factory  # noqa: PLC0415

    factory.make_user(password=PASSWORD)
    modules = [(factory.ADO,), (factory.IRAT, factory.ADO), (factory.KATI,)]
    for number, (name, place, pir, county, address) in enumerate(PEOPLE):
        notes = (Note.COUNTY_INFERRED,) if number % 3 == 0 else ()
        one = factory.Applicant(name, place, pir, county, address, modules[number % 3], notes=notes)
        factory.make_registration(one)
    wrong = factory.Applicant(
        full_name="Kelemen Katalin",
        pir="740747",
        email="penzugy@tiszacsege.hu",
        status=Status.INCOMPLETE,
        problems=(Problem.PIR_INVALID, Problem.EMAIL_NOT_PERSONAL),
        suggestions={"pir_invalid": "740746"},
    )
    incomplete = factory.make_registration(wrong)
    factory.make_reply(incomplete.mail)
    factory.make_reply(factory.make_registration(status="incomplete").mail, kind="password")
    factory.make_reply(factory.make_registration(status="incomplete").mail, state="queued")
    factory.make_registration(status="review")
    factory.make_mail(factory.make_raw("Kredit?", subject="Kreditpont"), kind="other", outcomes=["review"])
    for _ in range(4):
        factory.make_registration(status="exported")
    return incomplete.pk


def _talk() -> int:
    """A request and two answers, the second of which contradicts; returns the request's key."""
    from django.utils.timezone import now  # noqa: PLC0415

    from tests.services.correspondence import Correspondence, letter_to, only_request, request, write  # noqa: PLC0415
    from worker.models import Mail  # noqa: PLC0415

    worker = Correspondence()
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    for text in ("PIR: 740746", "Szakrendszer: ADÓ\nPIR: 740009"):
        worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    Mail.objects.update(received_at=now())
    return only_request().pk


def _photograph(address: str, case: int, conversation: int) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="hu-HU", color_scheme="light")
        page.goto(f"{address}/login")
        page.fill("#id_username", "ugyintezo")
        page.fill("#id_password", PASSWORD)
        page.click("main button.primary")
        for name, path in (("queue", "/"), ("case", f"/registrations/{case}"), ("drafts", "/?tab=drafts")):
            page.goto(address + path)
            page.screenshot(path=IMAGES / f"{name}.png")
        page.goto(f"{address}/registrations/{conversation}")
        page.screenshot(path=IMAGES / "conversation.png")
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(address)
        page.screenshot(path=IMAGES / "phone.png")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
