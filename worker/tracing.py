"""Traces by OpenTelemetry, where ASPOKTATAS_OTLP_ENDPOINT names a collector. It is imported here and nowhere else.

One trace a mail, whichever processes work on it and however long that takes: trace and root span are numbered after the
mail, so that no process has to hand anything to the next. The first step (`poll`) is the root, the later ones stand
below it. What several mails go through together (they are stored, recorded and filed by groups) is a span in the trace
of each. Attributes are numbers and words of ours; an error is told by its type.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

ROOT = "poll"
PREFIX = "aspoktatas."
TOGETHER = PREFIX + "together"
EXPORT_TIMEOUT_S = 3.0  # so long a process may wait at its end for a collector that is away

_root_ids: ContextVar[tuple[int, int] | None] = ContextVar("root_ids", default=None)


@dataclass(frozen=True, slots=True)
class _Line:
    """What this process makes spans with. `seed` tells installations apart that share a collector."""

    provider: TracerProvider
    tracer: Tracer
    seed: bytes

    def ids(self, mail: int) -> tuple[int, int]:
        """Trace and root span of `mail`, the same in every process."""
        made = hashlib.blake2b(b"mail %d" % mail, key=self.seed[:64], digest_size=24).digest()
        return int.from_bytes(made[:16], "big"), int.from_bytes(made[16:], "big")


_line: _Line | None = None


def is_on() -> bool:
    """Whether there is a collector."""
    return _line is not None


def start_tracing(endpoint: str, seed: bytes, version: str) -> None:
    """Send spans to `endpoint` (OTLP over HTTP, the address for traces) from now on.

    OpenTelemetry's own variables `OTEL_…` (headers, certificates, sampling, name) have their usual meaning.
    """
    global _line  # noqa: PLW0603  # one a process, as its log is
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class Ids(RandomIdGenerator):
        """Random ones, but those of a mail's root."""

        def generate_trace_id(self) -> int:
            ids = _root_ids.get()
            return ids[0] if ids else super().generate_trace_id()

        def generate_span_id(self) -> int:
            ids = _root_ids.get()
            return ids[1] if ids else super().generate_span_id()

    ours = Resource({"service.name": "aspoktatas", "service.version": version})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), id_generator=Ids())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_TIMEOUT_S)))
    _line = _Line(provider, provider.get_tracer("aspoktatas", version), seed)


def is_heard(endpoint: str) -> bool:
    """Whether the collector takes an empty message."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import SpanExportResult  # noqa: PLC0415

    return OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_TIMEOUT_S).export([]) is SpanExportResult.SUCCESS


def stop_tracing() -> None:
    """Send what is left, for a few seconds at most, and be off."""
    global _line
    line, _line = _line, None
    if line is not None:
        line.provider.shutdown()


@contextmanager
def span(step: str, keys: Mapping[str, int]) -> Iterator[None]:
    """A span for the time of the block in the trace of the mail in `keys`; only while `is_on`."""
    from opentelemetry.trace import use_span  # noqa: PLC0415

    made = _begin(step, keys, time.time_ns())
    try:
        with use_span(made, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            yield
    except BaseException as error:
        made.set_attribute("error.type", type(error).__name__)
        raise


def spans(step: str, mails: Collection[int], began: int) -> None:
    """A span for each of `mails`, which took `step` together since `began` (nanoseconds of time.time_ns)."""
    for mail in mails:
        made = _begin(step, {"mail": mail}, began)
        made.set_attribute(TOGETHER, len(mails))
        made.end()


def note(words: Mapping[str, str]) -> None:
    """Attributes of the span that runs."""
    from opentelemetry.trace import get_current_span  # noqa: PLC0415

    for name, word in words.items():
        get_current_span().set_attribute(PREFIX + name, word)


def _begin(step: str, keys: Mapping[str, int], began: int) -> Span:
    from opentelemetry.context import Context  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import Decision  # noqa: PLC0415
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context  # noqa: PLC0415

    assert _line is not None
    attributes = {PREFIX + name: key for name, key in keys.items()}
    trace, root = _line.ids(keys["mail"])
    if step == ROOT:
        token = _root_ids.set((trace, root))
        try:
            return _line.tracer.start_span(step, Context(), attributes=attributes, start_time=began)
        finally:
            _root_ids.reset(token)
    decision = _line.provider.sampler.should_sample(None, trace, ROOT).decision  # as the root's
    sampled = TraceFlags.SAMPLED if decision is Decision.RECORD_AND_SAMPLE else TraceFlags.DEFAULT
    parent = NonRecordingSpan(SpanContext(trace, root, is_remote=True, trace_flags=TraceFlags(sampled)))
    context = set_span_in_context(parent, Context())
    return _line.tracer.start_span(step, context, attributes=attributes, start_time=began)
