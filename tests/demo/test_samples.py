"""The sample mails: all described, all outcomes shown, nobody real in them."""

from __future__ import annotations

import re
from collections import Counter

from demo.samples import load_samples
from rules.model import Problem

SAFE_PIRS = {
    *(740009, 740373, 740746, 741116, 741480, 741853, 742597, 742960, 743330, 743703, 744074, 744447, 744810, 745181),
    *(745554, 746298, 746661, 747031, 747404, 747778, 748148, 748885, 749255),
}
END_OF_TAX_NUMBER = 740001
SAMPLES = load_samples()


def test_every_outcome_is_shown() -> None:
    assert len(SAMPLES) == 28
    outcomes = Counter(outcome for sample in SAMPLES for outcome in sample.outcomes)
    assert outcomes == {"route": 7, "reply_missing": 13, "reply_password": 2, "review": 3, "ignore": 4}
    assert set().union(*(sample.problems for sample in SAMPLES)) == set(Problem)
    assert len({sample.about for sample in SAMPLES}) == len(SAMPLES)


def test_no_pir_of_a_real_body_is_used() -> None:
    for sample in SAMPLES:
        text = sample.raw.decode("latin-1").replace("740 746", "740746")
        numbers = {int(number) for number in re.findall(r"(?<![\d-])7[34]\d{4}(?!\d)", text)}
        assert numbers <= SAFE_PIRS | {END_OF_TAX_NUMBER}, sample.name


def test_every_address_is_made_up_or_ours() -> None:
    for sample in SAMPLES:
        for domain in re.findall(rb"[\w.-]+@([\w.-]+\w)", sample.raw.replace(b"=\r\n", b"")):
            assert domain.endswith(b".example") or domain in (b"allamkincstar.gov.hu", b"gmail"), sample.name


def test_every_mail_has_its_own_message_id() -> None:
    ids = [re.findall(rb"(?im)^message-id: *(\S+)", sample.raw)[0] for sample in SAMPLES]
    assert len(set(ids)) == len(SAMPLES)
