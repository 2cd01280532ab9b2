"""Where errors and traces are sent: whether anybody is there. Mails go their way without."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from config.telemetry import Telemetry
from worker import tracing
from worker.services.doctor.diagnosis import Diagnosis, Grade, causes, explain_cause

TIMEOUT_S = 5


def examine_outside(telemetry: Telemetry) -> Iterator[Diagnosis]:
    """Ask Sentry's server for nothing, and give the collector no spans; silent where neither is configured."""
    if telemetry.sentry_dsn:
        yield _examine_sentry(telemetry.sentry_dsn)
    if telemetry.otlp_endpoint:
        yield _examine_collector(telemetry.otlp_endpoint)


def _examine_sentry(dsn: str) -> Diagnosis:
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    try:
        requests.head(f"{parts.scheme}://{place}/", timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        known = (explain_cause(cause, place, "ASPOKTATAS_SENTRY_DSN") for cause in causes(error))
        found, advice = next(filter(None, known), (f"{place} does not answer", "check ASPOKTATAS_SENTRY_DSN"))
        return Diagnosis("errors", Grade.WARN, found, advice)
    return Diagnosis("errors", Grade.OK, f"{place} answers; errors are reported there")


def _examine_collector(endpoint: str) -> Diagnosis:
    place = urlsplit(endpoint).netloc
    if tracing.is_heard(endpoint):
        return Diagnosis("traces", Grade.OK, f"{place} takes spans")
    advice = "check ASPOKTATAS_OTLP_ENDPOINT, the collector and OTEL_… (docs/watching.md)"
    return Diagnosis("traces", Grade.WARN, f"{place} takes no spans", advice)
