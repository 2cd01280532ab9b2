"""Nothing that a mail names is ever fetched, looked up or answered to: not by the worker, not by the page."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page

from config.environment import Environment
from registry.models import Registration
from tests.intake import samples
from tests.review.factory import Applicant, request_text
from tests.servers.smtp_sink import Sink
from worker.models import Mail, Reply
from worker.services.desk import Desk

HOST = "rossz.example"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass
class Trap:
    """A listening server to which everything in the mail leads; `visits` counts who came."""

    port: int
    visits: list[object] = field(default_factory=list)

    @property
    def url(self) -> str:
        """An address of it."""
        return f"http://127.0.0.1:{self.port}/x"


@pytest.fixture
def trap() -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Trap(listener.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, address = listener.accept()
                    made.visits.append(address)
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield made
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


_asked: list[list[str]] = []  # lists that take down what this process connects to and looks up


def _hear(event: str, details: tuple[Any, ...]) -> None:
    if _asked and event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _asked[-1].append(str(details[0]))
    elif _asked and event == "socket.connect" and isinstance(details[1], tuple):
        _asked[-1].append(f"{details[1][0]}:{details[1][1]}")


sys.addaudithook(_hear)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Hosts and places that were asked for while the block ran."""
    _asked.append([])
    yield _asked[-1]
    _asked.pop()


def baits(url: str) -> bytes:
    """A good request, and in every place of the mail something that leads to `url` or to HOST."""
    mail = EmailMessage()
    mail["From"] = "Kovács Anna <kovacs.anna@tiszacsege.hu>"
    mail["To"], mail["Cc"] = "aspoktatas@allamkincstar.gov.hu", "Minta Béla jegyző <jegyzo@tiszacsege.hu>"
    mail["Subject"], mail["Message-ID"] = f"Regisztráció {url}", f"<csali@{HOST}>"
    mail["Disposition-Notification-To"] = mail["Return-Receipt-To"] = f"a@{HOST}"
    mail["DKIM-Signature"] = f"v=1; d={HOST}; s=x; a=rsa-sha256; h=From; bh=x; b=x"
    mail["Content-Base"], mail["X-Face-URL"] = url, url
    one = Applicant(pir="")
    mail.set_content(f"{request_text(one)}\nLásd: {url} és https://{HOST}/y, //{HOST}/z, \\\\{HOST}\\share\\x\n")
    html = (
        f'<html><head><base href="{url}/"><link rel=stylesheet href="{url}.css">'
        f'<meta http-equiv=refresh content="0;{url}">'
        f'<link rel=dns-prefetch href="//{HOST}"><link rel=prefetch href="{url}"><style>@import url({url}.css);</style>'
        f'</head><body background="{url}"><p style="background:url({url})">{request_text(one)}</p><img src="{url}.png" '
        f'srcset="{url} 2x"><iframe src="{url}"></iframe><video src="{url}" autoplay></video>'
        f'<object data="{url}"></object>'
        f'<svg><image href="{url}"/><use href="{url}#a"/></svg><form action="{url}"><button>x</button></form>'
        f'<script src="{url}.js"></script><a href="{url}" ping="{url}">x</a><embed src="{url}"></body></html>'
    )
    mail.add_alternative(html, subtype="html")
    for name, content in files(url).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    mail.add_attachment(f"BEGIN:VCALENDAR\nATTACH:{url}\nEND:VCALENDAR".encode(), maintype="text", subtype="calendar")
    external = (
        f'Content-Type: message/external-body; access-type=URL; URL="{url}"\r\n\r\nContent-Type: text/plain\r\n\r\n'
    )
    raw = bytes(mail)
    boundary = mail.get_boundary() or ""
    return raw.replace(f"--{boundary}--".encode(), f"--{boundary}\r\n{external}\r\n--{boundary}--".encode())


def files(url: str) -> dict[str, bytes]:
    """Files that ask their reader to fetch."""
    entities = f'<!ENTITY e SYSTEM "{url}"><!ENTITY % p SYSTEM "{url}">%p;'
    doctype = f'<?xml version="1.0"?><!DOCTYPE x SYSTEM "{url}.dtd" [{entities}]>'
    links = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="attachedTemplate" Target="{url}.dotm" '
        f'TargetMode="External"/><Relationship Id="r2" Type="image" Target="{url}.png" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    word = f'{doctype}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&e; x</w:t></w:r></w:p></w:body></w:document>'
    book = (
        f'{doctype}<?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        "<Worksheet><Table><Row><Cell><Data>&e; x</Data></Cell></Row></Table></Worksheet></Workbook>"
    )
    action = f"/OpenAction<</S/URI/URI({url})>>/AA<</O<</S/SubmitForm/F({url})>>>>"
    pdf = samples.pdf(samples.pdf_text((50, 700, "Kerelem"))).replace(
        b"/Type/Catalog", b"/Type/Catalog" + action.encode()
    )
    return {
        "a.docx": samples.zipped({"word/document.xml": word.encode(), "word/_rels/document.xml.rels": links}),
        "b.xlsx": samples.zipped({"xl/workbook.xml": book.encode(), "xl/_rels/workbook.xml.rels": links}),
        "c.xml": book.encode(),
        "d.odt": samples.zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": word.encode()}),
        "e.pdf": pdf,
        "f.rtf": f'{{\\rtf1 {{\\field{{\\*\\fldinst INCLUDEPICTURE "{url}"}}}}{{\\*\\template {url}}} x}}'.encode(),
        "g.html": f'<img src="{url}"><p>Név: Minta Éva</p>'.encode(),
        "h.url": f"[InternetShortcut]\nURL={url}\n".encode(),
        "i.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>'.encode(),
    }  # fmt: skip


def test_the_worker_asks_nobody_but_its_own_servers(
    environment: Environment, deliver_mail: Callable[..., None], sink: Sink, trap: Trap
) -> None:
    deliver_mail(baits(trap.url))
    assert environment.imap is not None
    desk = Desk(environment)
    with listening() as asked:
        desk.poll(full=True)
        desk.process()
        desk.file()
        desk.copy_sent()
    desk.close()
    assert trap.visits == []
    ours = {f"127.0.0.1:{environment.imap.port}", f"127.0.0.1:{sink.port}", "127.0.0.1", "localhost"}
    assert set(asked) <= ours
    assert asked, "the hook hears"
    assert Mail.objects.get().state == "filed"
    assert [reply.state for reply in Reply.objects.all()] == ["sent"]
    [letter] = sink.accepted
    assert HOST.encode() not in letter.data.partition(b"In-Reply-To")[0]
    assert str(trap.port).encode() not in letter.data
    assert all(HOST not in one for one in letter.recipients)


def test_nor_does_the_page(environment: Environment, deliver_mail: Callable[..., None], page: Page, trap: Trap) -> None:
    deliver_mail(baits(trap.url))
    desk = Desk(environment)
    desk.poll(full=True)
    desk.process()
    desk.close()
    mail, rows = Mail.objects.get(), Registration.objects.all()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for row in rows:
        page.goto(f"/registrations/{row.pk}")
    page.goto(f"/mails/{mail.pk}")
    page.get_by_role("link", name="Formázott").click()
    page.frame_locator("iframe").get_by_text("Tisztelt ASP Oktatás").wait_for()
    page.goto(f"/mails/{mail.pk}/html")
    page.goto(f"/replies/{mail.replies.get().pk}")
    own = page.url.partition("/replies")[0]
    assert trap.visits == []
    assert len(asked) > 3
    assert [one for one in asked if not one.startswith((own, "data:"))] == []
