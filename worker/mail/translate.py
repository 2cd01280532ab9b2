"""Turning the exceptions of imap-tools, imaplib, ssl and socket into ours, where they arise."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import imap_tools

from worker.mail.answers import parse_backoff
from worker.mail.errors import Disconnected, LoginRefused, MailError, Throttled, Transient

LONGEST_MESSAGE = 200


@contextmanager
def translated(action: str, *, login: bool = False) -> Iterator[None]:
    """Run the block; whatever goes wrong in it is raised as a MailError whose message begins with `action`."""
    try:
        yield
    except MailError:
        raise
    except (imaplib.IMAP4.abort, OSError, EOFError) as error:
        text = str(error)[:LONGEST_MESSAGE] or type(error).__name__
        wait = parse_backoff(text)
        raise (Throttled(f"{action}: {text}", wait) if wait else Disconnected(f"{action}: {text}")) from None
    except (imaplib.IMAP4.error, imap_tools.ImapToolsError) as error:
        raise _refusal(action, str(error), login=login) from None
    except (ValueError, TypeError, LookupError, AttributeError) as error:  # imaplib and imap-tools on nonsense
        raise Disconnected(f"{action}: an answer that makes no sense ({type(error).__name__})") from None


def failure(action: str, answer: tuple[str, Sequence[Any]], *, throttling_only: bool = False) -> None:
    """Raise for a tagged answer that is not OK; with `throttling_only`, only where it asks for patience."""
    kind, data = answer
    if kind == "OK":
        return
    text = " ".join(piece.decode("utf-8", "replace") for piece in data if isinstance(piece, bytes))
    refusal = _refusal(action, text, login=False)
    if isinstance(refusal, Throttled) or not throttling_only:
        raise refusal


def _refusal(action: str, text: str, *, login: bool) -> Transient:
    wait = parse_backoff(text)
    message = f"{action}: {text[:LONGEST_MESSAGE]}"
    if wait:
        return Throttled(message, wait)
    return LoginRefused(message) if login else Transient(message)
