"""`aspoktatas handover`: approved requests handed over to the portal by its web service, or what that would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from config.catalogue import load_catalogue
from config.moodle import MoodleSettings
from registry.models import Registration, RegistrationStatus
from registry.moodle.letters import tell_finished
from registry.moodle.portal import open_portal
from registry.moodle.runs import HANDED_OVER_FROM, begin_run
from registry.moodle.work import is_due, work
from registry.portal import PortalResult, PortalRun, PortalRunKind, PortalState
from registry.services.change import Target
from worker.management.command import CommandError, CommandParser, OperatorCommand

TURN_S = 5.0


class Command(OperatorCommand):
    """Hands over and says what became of each; whoever could not have their turn is left to the worker."""

    help = "Look accounts up at the portal, create the missing ones, enrol. --dry-run asks only and changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and whether for real."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be done; change nothing")
        parser.add_argument(
            "--status",
            default=RegistrationStatus.APPROVED.value,
            help=f"comma separated: {','.join(HANDED_OVER_FROM)} (default: approved)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin a run and see it through."""
        moodle = settings.ASPOKTATAS.moodle
        if moodle.service is None:
            raise CommandError("ASPOKTATAS_MOODLE_URL is not set: the portal's web service is not switched on")
        statuses = [word.strip() for word in options["status"].split(",") if word.strip()]
        if not set(statuses) <= set(HANDED_OVER_FROM):
            raise CommandError(f"--status: may name {' and '.join(HANDED_OVER_FROM)}")
        kind = PortalRunKind.REHEARSE if options["dry_run"] else PortalRunKind.REGISTER
        chosen = Registration.objects.filter(status__in=statuses).order_by("pk").values_list("pk", "version")
        run = begin_run(kind, [Target(*one) for one in chosen], None)
        _see_through(moodle)
        for line in _lines(run):
            self.stdout.write(line)
        self._sum_up(run)

    def _sum_up(self, run: PortalRun) -> None:
        run.refresh_from_db()
        counts = {state: run.results.filter(state=state).count() for state in PortalState.values}
        word = "would be handed over" if run.kind == PortalRunKind.REHEARSE else "handed over"
        self.stderr.write(f"{counts['done']} {word}, {counts['failed']} failed, {counts['skipped']} left alone")
        if counts["waiting"]:
            why = (
                run.halted
                or run.results.filter(state="waiting").exclude(error="").values_list("error", flat=True).first()
            )
            raise CommandError(f"{counts['waiting']} still wait ({_words(why or 'another process is at it')})")
        if counts["failed"]:
            raise SystemExit(1)


def _see_through(moodle: MoodleSettings) -> None:
    """Until nothing is due: other people's runs go along."""
    catalogue = load_catalogue()
    with open_portal(moodle) as portal:
        while work(portal, catalogue, moodle.courses, for_s=TURN_S) and is_due():
            pass
    tell_finished()


def _lines(run: PortalRun) -> Iterator[str]:
    """What became of each; nobody's name or address."""
    rows: Iterator[PortalResult] = run.results.order_by("pk").iterator()
    for row in rows:
        said = [row.state]
        if row.state == PortalState.DONE:
            said.append("has an account" if row.existed else "new account")
        said += [f"{one['outcome'].replace('_', ' ')}: {one.get('course') or one['module']}" for one in row.courses]
        said += [_words(row.error) + (f" ({row.errorcode})" if row.errorcode else "")] if row.error else []
        yield f"request {row.registration_id}: {'; '.join(said)}"


def _words(code: str) -> str:
    return code.replace("_", " ")
