"""Error reports by Sentry, where ASPOKTATAS_SENTRY_DSN names a project. It is imported here and nowhere else.

None of Sentry's integrations looks on: what is handed to `report`, what a page failed with and what ended the process
is told, and nothing else. A mail's words stand in an error's message, in local variables, in a request's address and
body; so what may leave is listed here, and everything else stays.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, cast

from worker.following import in_hand, note

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

FLUSH_S = 3  # so long a process may wait at its end for a server that is away
OF_EVENT = ("event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "sdk", "tags")
OF_EXCEPTION = ("type", "module")
OF_MECHANISM = ("type", "handled", "exception_id", "parent_id", "is_exception_group", "source")
OF_FRAME = (
    *("filename", "abs_path", "module", "function", "lineno", "in_app"),
    *("context_line", "pre_context", "post_context"),  # lines of the program
)

_is_on = False


def start_reporting(dsn: str, version: str) -> None:
    """Report from now on. Sentry's own variable SENTRY_ENVIRONMENT has its usual meaning."""
    global _is_on  # noqa: PLW0603  # one a process, as its log is
    import sentry_sdk  # noqa: PLC0415  # 100 ms, and an extra that few install
    from django.core.signals import got_request_exception  # noqa: PLC0415
    from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn,
        release=f"aspoktatas@{version}",
        before_send=strip,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[AtexitIntegration(callback=lambda *_: None), ExcepthookIntegration()],
        ignore_errors=[KeyboardInterrupt],
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        propagate_traces=False,
        spotlight=False,
        shutdown_timeout=FLUSH_S,
    )
    got_request_exception.connect(_report_page, dispatch_uid="error_reports")
    _is_on = True


def stop_reporting() -> None:
    """Send what is left, for a few seconds at most, and be off."""
    global _is_on  # noqa: PLW0603
    if _is_on:
        import sentry_sdk  # noqa: PLC0415

        _is_on = False
        sentry_sdk.get_client().close(timeout=FLUSH_S)


def report(error: BaseException, **keys: int) -> None:
    """Tell of an error that nobody foresaw, with what is in hand and `keys` (following.KEYS), where that is wanted."""
    note(error=type(error).__name__)
    if _is_on:
        import sentry_sdk  # noqa: PLC0415

        sentry_sdk.capture_exception(error, tags={name: str(key) for name, key in {**in_hand(), **keys}.items()})


def _report_page(**_: Any) -> None:
    """A page failed; Django says so while the error is being handled."""
    error = sys.exc_info()[1]
    if error is not None:
        report(error)


def strip(event: Event, _: Hint) -> Event:
    """What may leave of an event: where in the program it happened, of which type, about which mail's number."""
    raw = cast("dict[str, Any]", event)
    exceptions = (raw.get("exception") or {}).get("values") or ()
    return cast("Event", _only(raw, OF_EVENT) | {"exception": {"values": [_exception(one) for one in exceptions]}})


def _exception(raw: Mapping[str, Any]) -> dict[str, Any]:
    frames = (raw.get("stacktrace") or {}).get("frames") or ()
    kept = _only(raw, OF_EXCEPTION) | {"stacktrace": {"frames": [_only(frame, OF_FRAME) for frame in frames]}}
    return kept | {"mechanism": _only(raw.get("mechanism") or {"type": "generic"}, OF_MECHANISM)}


def _only(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
