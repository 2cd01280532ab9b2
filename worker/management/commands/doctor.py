"""`aspoktatas doctor`: what is wrong, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings

from worker.management.command import OperatorCommand
from worker.services.doctor.broker import examine_broker
from worker.services.doctor.database import examine_database
from worker.services.doctor.diagnosis import Diagnosis, Grade
from worker.services.doctor.files import examine_env_file
from worker.services.doctor.imap import examine_imap
from worker.services.doctor.letters import examine_letters
from worker.services.doctor.look import examine_look
from worker.services.doctor.moodle import examine_moodle
from worker.services.doctor.outside import examine_outside
from worker.services.doctor.smtp import examine_smtp

SIGNS = {Grade.OK: "ok  ", Grade.WARN: "WARN", Grade.FAIL: "FAIL"}


class Command(OperatorCommand):
    """Prints one line for each thing tried; exits 1 where one failed."""

    help = "Tries configuration, database, broker, IMAP, SMTP, DNS and the portal; says what is wrong and what to do."

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine part after part."""
        failed = 0
        for diagnosis in examine():
            failed += diagnosis.grade is Grade.FAIL
            line = f"{SIGNS[diagnosis.grade]}  {diagnosis.part:10} {diagnosis.found}"
            if diagnosis.advice and diagnosis.grade is not Grade.OK:
                line += f" -> {diagnosis.advice}"
            self.stdout.write(line)
        if failed:
            self.stderr.write(f"{failed} of these must be mended first")
            raise SystemExit(1)


def examine() -> Iterator[Diagnosis]:
    """Every examination in the order in which a mail meets the parts."""
    environment = settings.ASPOKTATAS
    yield Diagnosis("config", Grade.OK, f"read; replies are {environment.replies}, address {environment.address}")
    for name in environment.unknown:
        yield Diagnosis("config", Grade.WARN, f"{name} means nothing", "correct its name (docs/configuration.md)")
    yield from examine_env_file()
    yield from examine_letters(environment.templates)
    yield from examine_database()
    yield from examine_broker(environment.broker_url)
    yield from examine_look()
    for account in environment.accounts:
        imap, smtp = f"imap{account.suffix}", f"smtp{account.suffix}"
        if environment.further:
            yield Diagnosis("mailbox", Grade.OK, f"{account.mailbox}, answered as {account.address}")
        yield from (replace(one, part=imap) for one in examine_imap(account.imap, account.suffix))
        found = examine_smtp(account.smtp, replies=environment.replies, address=account.address, suffix=account.suffix)
        yield from (replace(one, part=smtp) for one in found)
    yield from examine_moodle(environment.moodle)
    yield from examine_outside(environment.telemetry)
