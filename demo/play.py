"""The demo itself: the product's own watcher, worker and staff page over the embedded servers."""

from __future__ import annotations

import json
import logging.config
import os
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from rich.console import Console
from rich.live import Live

from config.celery import app
from config.environment import Environment
from demo.ledger import Fate, get_fates
from demo.postman import Postman
from demo.samples import Sample, load_samples
from demo.screen import Signpost, live_view, signs, table
from demo.start import REPLIES_FOLDER, Stage
from worker.one_process import worker_running
from worker.services.doctor.diagnosis import Grade
from worker.services.doctor.look import examine_look
from worker.web import WebServer

USER = "demo"
INBOX_FOLDER = "bejovo"
LOG = "demo.log"
LOG_LINES = 30
SETTLES_WITHIN_S = 120.0
REFRESH_S = 0.25


class NotSettledError(Exception):
    """Some sample mail was not dealt with in time; the message says how many and what the log says."""


@dataclass(frozen=True, slots=True)
class Programme:
    """How to play: seconds between two arrivals, the page's port (None: the usual or a free one), the password."""

    pause: float
    port: int | None
    password: str
    browser: bool


def play_once(stage: Stage, console: Console, *, as_json: bool) -> None:
    """Process every sample at once and print what became of each; raises NotSettledError."""
    with _worker(stage):
        samples = load_samples()
        postman = _postman(stage, samples)
        postman.deliver_next(len(samples))
        fates = _wait_until_settled(postman, stage.folder / LOG)
    if as_json:
        for sample, arrival in zip(samples, postman.arrivals, strict=True):
            console.out(json.dumps(fates[arrival.digest].as_json(sample.name)), highlight=False)
        return
    console.print(table(postman.arrivals, fates))
    console.print(f"{len(fates)} mails processed, {len(stage.servers.sink.replies)} replies sent")


def play_live(stage: Stage, console: Console, programme: Programme, stop: threading.Event) -> None:
    """Let the samples arrive one after another and show what becomes of them, until `stop` is set."""
    get_user_model().objects.create_superuser(username=USER, password=programme.password)
    with _worker(stage), _page(programme.port) as port:
        postman = _postman(stage, load_samples())
        post = Signpost(
            page=f"http://127.0.0.1:{port}/",
            user=USER,
            password=programme.password,
            replies=str(stage.folder / REPLIES_FOLDER),
            inbox=str(stage.folder / INBOX_FOLDER),
            plain=any(found.grade is not Grade.OK for found in examine_look()),
        )
        if programme.browser:
            open_in_browser(post.page)
        show = _show_live if console.is_terminal else _show_lines
        show(console, postman, post, programme.pause, stop)


def open_in_browser(page: str) -> None:
    """Open `page` where there is a desktop; a browser in the terminal would take the table's place."""
    if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        with suppress(webbrowser.Error):
            webbrowser.open(page)


def _show_live(console: Console, postman: Postman, post: Signpost, pause: float, stop: threading.Event) -> None:
    fates: dict[str, Fate] = {}
    with Live(console=console, auto_refresh=False, screen=True) as live:
        for fates in _arrivals(postman, pause, stop):
            live.update(live_view(post, postman.arrivals, fates, postman.left, console.size), refresh=True)
    console.print(table(postman.arrivals, fates))  # the other screen is gone: this stays


def _show_lines(console: Console, postman: Postman, post: Signpost, pause: float, stop: threading.Event) -> None:
    """For a console that is no terminal: a line for each mail once it is settled."""
    console.print(signs(post))
    shown: set[str] = set()
    for fates in _arrivals(postman, pause, stop):
        for arrival in postman.arrivals:
            fate = fates.get(arrival.digest)
            if fate and fate.settled and arrival.digest not in shown:
                shown.add(arrival.digest)
                console.out(arrival.at, arrival.about, "→", fate.kind, *fate.outcomes, fate.reply, highlight=False)


def _arrivals(postman: Postman, pause: float, stop: threading.Event) -> Iterator[dict[str, Fate]]:
    """Deliver when it is time, and yield what the ledger says, several times a second."""
    due = time.monotonic()
    while not stop.is_set():
        if postman.left and time.monotonic() >= due:
            postman.deliver_next()
            due = time.monotonic() + pause
        postman.deliver_dropped()
        yield get_fates(arrival.digest for arrival in postman.arrivals)
        stop.wait(REFRESH_S)


def _wait_until_settled(postman: Postman, log: Path) -> dict[str, Fate]:
    digests = {arrival.digest for arrival in postman.arrivals}
    until = time.monotonic() + SETTLES_WITHIN_S
    waiting = threading.Event()
    while time.monotonic() < until:
        fates = get_fates(digests)
        if fates.keys() == digests and all(fate.settled for fate in fates.values()):
            return fates
        waiting.wait(REFRESH_S / 5)
    unsettled = len(digests) - sum(fate.settled for fate in get_fates(digests).values())
    newest = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-LOG_LINES:])
    raise NotSettledError(
        f"{unsettled} of {len(digests)} mails were not dealt with in {SETTLES_WITHIN_S:.0f} s; the log ends:\n{newest}"
    )


def _postman(stage: Stage, samples: list[Sample]) -> Postman:
    inbox = stage.folder / INBOX_FOLDER
    inbox.mkdir(exist_ok=True)
    return Postman(stage.servers.imap_port, samples, inbox)


@contextmanager
def _worker(stage: Stage) -> Iterator[None]:
    """The product's watcher and worker; what they log goes to a file, not over the table."""
    log = {"class": "logging.FileHandler", "filename": stage.folder / LOG, "formatter": "text"}
    settings.LOGGING = settings.LOGGING | {"handlers": {"stderr": log}}  # Celery sets logging up from it once more
    logging.config.dictConfig(settings.LOGGING)
    environment: Environment = settings.ASPOKTATAS
    with worker_running(app, environment):
        yield


@contextmanager
def _page(port: int | None) -> Iterator[int]:
    """The staff page; yields its port. Raises OSError where `port` is given and taken."""
    from config.wsgi import application  # noqa: PLC0415  # Django is set up by now

    try:
        web = WebServer(application, settings.ASPOKTATAS.web_port if port is None else port)
    except OSError:
        if port is not None:
            raise
        web = WebServer(application, 0)
    web.start()
    try:
        yield web.port
    finally:
        web.stop()
