"""One mail followed by its number: through the logs, its trace and what is reported when something breaks."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.environment import Environment
from config.logs import logging_settings
from registry.models import Registration
from registry.services.approve import approve
from registry.services.change import Target
from rules.catalogue import Catalogue
from rules.model import Context, Message, Verdict
from tests.servers.receivers import Receiver, receiver, words_of
from tests.servers.smtp_sink import Sink
from tests.servers.standin import THINKING, make_mail
from worker import error_reports, tracing
from worker.models import Mail, Original, Reply
from worker.services.desk import Desk
from worker.services.leases import later
from worker.services.sweep import sweep

__all__ = ["receiver"]
Deliver = Callable[..., None]
SECRET = "Minta Márta marta@mintafalu.example titkos"
NOT_OURS = ("Márta", "Minta", "mintafalu", "titkos", "hianyos", "teljes", "jelszo", "Hivatal", "@mintafalu")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the product writes to its log as JSON."""
    config = logging.config.DictConfigurator(logging_settings("json"))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config.configure_formatter(config.config["formatters"]["json"]))
    handler.addFilter(config.configure_filter(config.config["filters"]["subjects"]))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def reporting(receiver: Receiver) -> Iterator[Receiver]:
    """Errors are reported to `receiver`."""
    error_reports.start_reporting(receiver.dsn, "1")
    yield receiver
    error_reports.stop_reporting()


def story(written: io.StringIO, mail: int) -> list[str]:
    """The lines about `mail`."""
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    return [line["event"] for line in lines if line.get("mail") == mail]


def test_the_log_tells_the_story_of_each_mail(
    desk: Desk, deliver_mail: Deliver, written: io.StringIO, sink: Sink
) -> None:
    deliver_mail(make_mail("hianyos a", 1), make_mail("teljes b", 2))
    desk.poll()
    desk.process()
    desk.file()
    first, second = Mail.objects.order_by("uid")
    row, reply = Registration.objects.get(mail=second), Reply.objects.get()
    approve(Target(row.pk, row.version), User.objects.create_user("vera"))
    assert story(written, first.pk) == [
        f"mail {first.pk}: taken in",
        f"mail {first.pk}: registration, reply_missing",
        f"reply {reply.pk}: sent",
        f"mail {first.pk}: moved",
    ]
    assert story(written, second.pk) == [
        f"mail {second.pk}: taken in",
        f"mail {second.pk}: registration, route",
        f"mail {second.pk}: moved",
        f"mail {second.pk}, request {row.pk}: approved by staff",
    ]


def test_a_reply_that_was_given_up_is_found_by_its_mail(
    desk: Desk, deliver_mail: Deliver, written: io.StringIO
) -> None:
    deliver_mail(make_mail("hianyos", 1), make_mail("hianyos", 2))
    desk.poll()
    desk.decide()
    first, second = Reply.objects.order_by("pk")
    Reply.objects.update(state="sending", lease_until=later(-1))
    Reply.objects.filter(pk=second.pk).update(data_started_at=later(-1))
    sweep()
    assert f"reply {first.pk} to mail {first.mail_id}: claimed by" in story(written, first.mail_id)[-1]
    assert f"reply {second.pk} to mail {second.mail_id}: it may or may not" in story(written, second.mail_id)[-1]


def test_whatever_a_library_logs_about_a_mail_carries_its_number(
    environment: Environment, deliver_mail: Deliver, written: io.StringIO
) -> None:
    def noisy(message: Message, catalogue: Catalogue, context: Context) -> Verdict:
        logging.getLogger("some.library").warning("a table without columns")
        return THINKING.decide(message, catalogue, context)

    desk = Desk(environment, replace(THINKING, decide=noisy))
    deliver_mail(make_mail("valami", 1))
    desk.poll()
    desk.decide()
    desk.close()
    assert "a table without columns" in story(written, Mail.objects.get().pk)


def test_every_mail_is_a_trace_and_nobody_is_named(
    desk: Desk, deliver_mail: Deliver, receiver: Receiver, sink: Sink
) -> None:
    tracing.start_tracing(f"{receiver.endpoint}/v1/traces", b"seed", "1")
    try:
        deliver_mail(make_mail("hianyos Minta", 1), make_mail("automata", 2), make_mail("robban", 3))
        desk.poll()
        desk.process()
        desk.file()
    finally:
        tracing.stop_tracing()
    first, second, third = Mail.objects.order_by("uid").values_list("pk", flat=True)
    traces = {key: [one for one in receiver.spans() if words_of(one)["aspoktatas.mail"] == key] for key in
              (first, second, third)}  # fmt: skip
    steps = {key: [one.name for one in sorted(spans, key=_begin)] for key, spans in traces.items()}
    assert steps[first] == ["poll", "read", "decide", "compose", "record", "deliver", "file"]
    assert steps[second] == ["poll", "read", "decide", "compose", "record", "file"]
    assert steps[third] == ["poll", "read"]
    assert len({span.trace_id for spans in traces.values() for span in spans}) == 3
    for spans in traces.values():
        root, *others = sorted(spans, key=_begin)
        assert not root.parent_span_id
        assert {one.parent_span_id for one in others} == {root.span_id}
    decided, delivered = (next(one for one in traces[first] if one.name == name) for name in ("decide", "deliver"))
    assert words_of(decided)["aspoktatas.kind"] == "registration"
    assert words_of(delivered)["aspoktatas.result"] == "accepted"
    assert words_of(delivered)["aspoktatas.reply"] == Reply.objects.get().pk
    assert words_of(next(one for one in traces[third] if one.name == "read"))["aspoktatas.error"] == "ValueError"
    assert not [word for word in NOT_OURS if word in receiver.everything]


def _begin(span: Any) -> int:
    return int(span.start_time_unix_nano)


def test_a_sampled_trace_is_whole_in_every_process(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process decides by itself, with the same result."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    for step in ("poll", "file"):
        tracing.start_tracing(f"{receiver.endpoint}/v1/traces", b"seed", "1")
        tracing.spans(step, range(1, 101), 1)
        tracing.stop_tracing()
    sampled = {name: {words_of(one)["aspoktatas.mail"] for one in receiver.spans() if one.name == name}
               for name in ("poll", "file")}  # fmt: skip
    assert sampled["poll"] == sampled["file"]
    assert 20 < len(sampled["poll"]) < 80


def test_what_breaks_on_a_mail_is_reported_without_its_words(
    environment: Environment, deliver_mail: Deliver, reporting: Receiver
) -> None:
    def breaks(message: Message, catalogue: Catalogue, context: Context) -> Verdict:
        named = f"{message.subject} {SECRET}"
        raise ValueError(f"no such person: {named}") from KeyError(named)

    desk = Desk(environment, replace(THINKING, decide=breaks))
    deliver_mail(make_mail("teljes", 1))
    desk.poll()
    desk.decide()
    desk.close()
    error_reports.stop_reporting()
    (event,) = reporting.events()
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("KeyError", "ValueError")
    assert error["stacktrace"]["frames"][-1]["function"] == "breaks"
    assert event["tags"] == {"mail": str(Mail.objects.get().pk)}
    assert event["release"] == "aspoktatas@1"
    _is_clean(reporting, besides=SECRET)


def test_what_breaks_on_a_page_is_reported_without_what_was_asked(
    client: Client, desk: Desk, deliver_mail: Deliver, reporting: Receiver, written: io.StringIO
) -> None:
    deliver_mail(make_mail("teljes", 1))
    desk.poll()
    desk.decide()
    row = Registration.objects.get()
    client.force_login(User.objects.create_superuser("vera", "vera@mintafalu.example", "nagyon titkos"))
    client.raise_request_exception = False
    Original.objects.update(data=SECRET.encode())  # a disk that forgets
    answer = client.post(
        f"/registrations/{row.pk}/save?q=Márta", {"full_name": SECRET, "version": row.version}, HTTP_USER_AGENT=SECRET
    )
    assert answer.status_code in (200, 302, 400)
    answer = client.get(f"/registrations/{row.pk}?q=Minta+Márta", HTTP_REFERER="https://mintafalu.example/")
    assert answer.status_code == 500
    error_reports.stop_reporting()
    (event,) = reporting.events()
    assert event["tags"] == {"request": str(row.pk), "mail": str(row.mail_id)}
    assert "request" not in event
    assert "user" not in event
    _is_clean(reporting, besides="vera")
    assert any("Internal Server Error" in line for line in story(written, row.mail_id))


def _is_clean(reporting: Receiver, besides: str) -> None:
    """Of the mail's words, of the request and of the people nothing arrived; lines of this file did."""
    event = reporting.everything
    for source in ("pre_context", "context_line", "post_context"):
        assert source in event
    lines = {line for one in reporting.events() for line in _source(one)}
    for line in lines:
        event = event.replace(json.dumps(line)[1:-1], "").replace(line, "")
    assert not [word for word in (*NOT_OURS, besides) if word in event]


def _source(event: dict[str, Any]) -> Iterator[str]:
    for error in event["exception"]["values"]:
        for frame in error["stacktrace"]["frames"]:
            yield from (*frame.get("pre_context", ()), frame.get("context_line", ""), *frame.get("post_context", ()))
