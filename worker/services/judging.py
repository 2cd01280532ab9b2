"""Judging in a process of its own (worker.services.judges): claimed mails in, what newcomers' mails come to out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from django.conf import settings

from registry.directory import load_context
from worker.models import Mail
from worker.services.hearing import Failure, Hearing
from worker.services.judgement import Judged, Reading
from worker.services.leases import Claim
from worker.services.originals import load_small
from worker.services.replying import Voice, make_voice
from worker.services.thinking import extend, load_thinking


def judge_claimed(ours: Claim, account: str) -> dict[int, Judged | Reading]:
    """Of the mails of `ours` the judgement where nobody of them is known, else what was read; by key.

    `account` is the suffix of the mailbox that answers them. Of what fails nothing is said: who asked finds out the
    same, and knows what becomes of the mail. Errors of the database propagate.
    """
    voice = _voice(account)
    context = load_context(voice.own_addresses)
    hearing = Hearing(extend(load_thinking(), context), voice, context)
    mails = list(ours.of(Mail.objects.all()).order_by("pk"))
    load_small(mails)
    judged = hearing.judge(mails, as_newcomers=True)
    return {key: _answer(one, hearing, key) for key, one in judged.items() if not isinstance(one, Failure)}


def _answer(judged: Judged, hearing: Hearing, key: int) -> Judged | Reading:
    return _light(judged) if judged.looks.is_newcomers else hearing.readings[key]


@cache
def _voice(account: str) -> Voice:
    environment = settings.ASPOKTATAS
    return make_voice(environment, next(one for one in environment.accounts if one.suffix == account))


def _light(judged: Judged) -> Judged:
    """Without the findings: `stored` has them, and they are what takes longest on the way between processes."""
    found = replace(judged.found, verdict=replace(judged.found.verdict, findings=()))
    settled = replace(judged.settled, verdict=replace(judged.settled.verdict, findings=()))
    return replace(judged, found=found, settled=settled, dump={**judged.dump, "findings": []})
