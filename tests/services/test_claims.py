"""Claimed rows are found by their keys: what looks for a token alone reads the whole ledger, however large it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.servers.smtp_sink import Sink
from tests.servers.standin import make_mail
from worker.models import Mail
from worker.services.desk import Desk

LOOKS_FOR = re.compile(r'WHERE .*"worker_(mail|reply)"\."lease_token" = ')
BY_KEY = re.compile(r'"worker_(mail|reply)"\."id" (=|IN) ')


def test_nothing_on_a_mails_way_looks_for_a_token_alone(
    desk: Desk, deliver_mail: Callable[..., None], sink: Sink
) -> None:
    deliver_mail(make_mail("hianyos", 1), make_mail("teljes", 2))
    desk.poll()
    with CaptureQueriesContext(connection) as said:
        desk.process()
        desk.file()
    assert Mail.objects.filter(filed_as="moved").count() == 2
    assert len(sink.accepted) == 1
    looking = [one["sql"] for one in said if LOOKS_FOR.search(one["sql"])]
    assert len(looking) > 3
    assert not [sql for sql in looking if not BY_KEY.search(sql)]
