"""One call of Moodle's REST server: form-encoded in, JSON out, whatever goes wrong as a PortalError.

Moodle answers errors with HTTP 200 (docs/export.md), so the body decides. The token travels in the body: an address
ends up in other people's logs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from config.moodle import MoodleService
from registry.moodle.errors import PortalAway, PortalMisconfigured, error_of

ENDPOINT = "/webservice/rest/server.php"
CONNECT_S, READ_S = 5.0, 20.0
MOST_BYTES, PIECE = 20_000_000, 65_536
LONGEST_BODY_S = 60.0
LONGEST_WAIT_S = 3600
AGAIN = (429, 502, 503, 504)
Value = Any  # str, int, bool, or lists and mappings of them


class MoodleClient:
    """A connection to the web service; not for several threads at once. `close` when done.

    Reads are repeated twice where no answer came; what changes something never is: the caller looks first what came of
    it.
    """

    def __init__(
        self,
        service: MoodleService,
        *,
        read_s: float = READ_S,
        pause: Callable[[float], None] = time.sleep,
        backoff: float = 0.5,
    ) -> None:
        """Nothing is connected before the first call; `pause` keeps to the number of calls a minute."""
        self.service = service
        self._timeout = (CONNECT_S, read_s)
        self._pause = pause
        self._next_at = 0.0
        reading = Retry(total=2, backoff_factor=backoff, status_forcelist=AGAIN, allowed_methods={"POST"},
                        raise_on_status=False, respect_retry_after_header=False)  # fmt: skip
        writing = Retry(total=2, connect=2, read=0, status=0, other=0, redirect=0, backoff_factor=backoff)
        self._reader, self._writer = _session(reading), _session(writing)

    def read(self, function: str, parameters: Mapping[str, Value]) -> Any:
        """Call a function that changes nothing. Raises PortalError."""
        return self._call(self._reader, function, parameters)

    def write(self, function: str, parameters: Mapping[str, Value]) -> Any:
        """Call a function that changes something: at most once. Raises PortalError."""
        return self._call(self._writer, function, parameters)

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._writer.close()

    def _call(self, session: requests.Session, function: str, parameters: Mapping[str, Value]) -> Any:
        self._keep_pace()
        form = {"wstoken": self.service.token, "wsfunction": function, "moodlewsrestformat": "json"}
        form |= dict(flatten(parameters))
        address = self.service.url + ENDPOINT
        try:
            with session.post(
                address, data=form, timeout=self._timeout, allow_redirects=False, stream=True
            ) as response:
                _check_status(response)
                body = _read_body(response)
        except requests.exceptions.SSLError as error:
            raise PortalMisconfigured("certificate") from error
        except requests.Timeout as error:
            raise PortalAway("timeout") from error
        except (requests.RequestException, OSError) as error:
            raise PortalAway("unreachable") from error
        except Exception as error:
            if type(error).__module__.startswith("urllib3"):  # the body's reading is urllib3's, untranslated
                raise PortalAway("unreachable") from error
            raise
        return _parse(body)

    def _keep_pace(self) -> None:
        if not self.service.calls_per_minute:
            return
        now = time.monotonic()
        if self._next_at > now:
            self._pause(self._next_at - now)
        self._next_at = max(now, self._next_at) + 60 / self.service.calls_per_minute


def flatten(parameters: Value, name: str = "") -> Iterator[tuple[str, str]]:
    """Parameters as PHP reads them from a form: users[0][email]=…"""
    if isinstance(parameters, Mapping):
        for key, value in parameters.items():
            yield from flatten(value, f"{name}[{key}]" if name else str(key))
    elif isinstance(parameters, Sequence) and not isinstance(parameters, str):
        for number, value in enumerate(parameters):
            yield from flatten(value, f"{name}[{number}]")
    else:
        yield name, str(int(parameters)) if isinstance(parameters, bool) else str(parameters)


def _session(retry: Retry) -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.mount("http://", HTTPAdapter(max_retries=retry))
    return session


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status in AGAIN or status >= 500:
        asked = response.headers.get("Retry-After", "")
        wait = min(int(asked), LONGEST_WAIT_S) if asked.isascii() and asked.isdigit() else 0
        raise PortalAway("maintenance" if status == 503 else "broken", f"http/{status}", wait)
    if status == 403:  # server.php says no more where web services or REST are switched off
        raise PortalMisconfigured("service_off", "http/403")
    if status != 200:
        raise PortalMisconfigured("address", f"http/{status}")


def _read_body(response: requests.Response) -> bytes:
    """The body, within bounds: a server that drips must not hold the worker for ever."""
    body, over = bytearray(), time.monotonic() + LONGEST_BODY_S
    while piece := response.raw.read1(PIECE, decode_content=True):
        body += piece
        if len(body) > MOST_BYTES:
            raise PortalAway("not_json", "size")
        if time.monotonic() > over:
            raise PortalAway("timeout")
    return bytes(body)


def _parse(body: bytes) -> Any:
    try:
        answer = json.loads(body) if body.strip() else None  # a function that returns nothing says so
    except ValueError as error:
        raise PortalAway("not_json") from error  # a page for people, or a PHP warning before the JSON
    if isinstance(answer, dict) and "exception" in answer:
        raise error_of(answer.get("errorcode"))
    return answer
