"""One row of the access log."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from staff.models import Access

LARGEST = 2**63 - 1  # of a key in either database; an address may name any number


def record_access(  # noqa: PLR0913  # the columns of the row
    request: HttpRequest,
    user: User | None,
    page: str,
    status: int,
    *,
    subject: tuple[str, int | None] = ("", None),
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write who (None: an unknown login) opened or did what from where, and how it ended. One INSERT."""
    kind, number = subject
    Access.objects.create(
        user=user,
        page=page[:80],
        method=(request.method or "")[:8],
        subject=kind,
        subject_id=number if number is not None and number <= LARGEST else None,
        status=status,
        address=client_address(request),
        details=dict(details or {}),
    )


def client_address(request: HttpRequest) -> str | None:
    """The client's address (staff.proxies has put it there); None behind a Unix socket."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return None
