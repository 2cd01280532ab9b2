"""Where errors and traces are told outside: `ASPOKTATAS_SENTRY_DSN` and `ASPOKTATAS_OTLP_ENDPOINT`.

Each needs an extra of the package; a variable without its extra stops the start. Nothing of them is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from config.variables import PREFIX, ConfigurationError, Variables

TRACES = "/v1/traces"


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Both "" for nowhere. `otlp_endpoint` is the collector's whole address for traces."""

    sentry_dsn: str = ""
    otlp_endpoint: str = ""


def read_telemetry(read: Variables) -> Telemetry:
    """From the variables; raises ConfigurationError."""
    dsn = read.parsed("SENTRY_DSN", _dsn) or ""
    endpoint = read.parsed("OTLP_ENDPOINT", _endpoint) or ""
    if dsn and not _has("sentry_sdk"):
        raise _missing("SENTRY_DSN", "sentry-sdk", "sentry")
    if endpoint and not (_has("opentelemetry.sdk") and _has("opentelemetry.exporter.otlp.proto.http")):
        raise _missing("OTLP_ENDPOINT", "opentelemetry-exporter-otlp-proto-http", "otel")
    return Telemetry(dsn, endpoint)


def _dsn(text: str) -> str:
    parts = urlsplit(text)
    project = parts.path.rpartition("/")[2]
    if parts.scheme not in ("https", "http") or not parts.hostname or not parts.username or not project.isdigit():
        raise ValueError("must be the project's DSN, like https://key@sentry.example.hu/7")
    return text


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query:
        raise ValueError("must be the collector's address, like http://collector:4318")
    return text if parts.path.endswith(TRACES) else text.rstrip("/") + TRACES


def _has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a package above it is not there
        return False


def _missing(variable: str, package: str, extra: str) -> ConfigurationError:
    return ConfigurationError(f"{PREFIX}{variable}: needs {package}: pip install 'aspoktatas[{extra}]'")
