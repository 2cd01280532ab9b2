"""Judging in a process of its own (worker.services.judges): claimed mails in, judgements of newcomers out."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError

from registry.directory import load_context
from rules.model import Verdict
from worker.models import Mail
from worker.services.judge import Judged, judge
from worker.services.replying import Voice, make_voice
from worker.services.thinking import extend, load_thinking

log = logging.getLogger(__name__)


def judge_claimed(token: UUID, account: str) -> dict[int, Judged]:
    """The judgements, by primary key, of those mails claimed under `token` of whose people nothing need be known.

    `account` is the suffix of the mailbox that answers them. Errors of the database propagate.
    """
    thinking, voice = load_thinking(), _voice(account)
    context = load_context(voice.own_addresses)
    thinking = extend(thinking, context)
    mails = Mail.objects.filter(lease_token=token).select_related("original").order_by("pk")
    judged = {}
    for mail in mails:
        try:
            one = judge(mail, thinking, voice, context, as_newcomer=True)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # who asked finds out the same, and knows what becomes of the mail
            log.warning("mail %d: could not be judged (%s)", mail.pk, type(error).__name__)
            continue
        if one.looks.is_newcomers:
            judged[mail.pk] = _light(one)
    return judged


@cache
def _voice(account: str) -> Voice:
    environment = settings.ASPOKTATAS
    return make_voice(environment, next(one for one in environment.accounts if one.suffix == account))


def _light(judged: Judged) -> Judged:
    """Without the findings: the dump has them, and their way between processes is the longest of all."""
    found, settled = _bare(judged.found.verdict), _bare(judged.settled.verdict)
    return replace(
        judged,
        found=replace(judged.found, verdict=found),
        settled=replace(judged.settled, verdict=found if judged.settled.verdict is judged.found.verdict else settled),
    )


def _bare(verdict: Verdict) -> Verdict:
    return replace(verdict, findings=())
