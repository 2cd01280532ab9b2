"""The `aspoktatas` command.

`verdict` and `init` run without Django, configuration or database. Every other word is a Django management command;
what is wrong with the configuration or the database is told in one line, never as a traceback.
"""

from __future__ import annotations

import os
import sys

COMMANDS = {
    "demo": "the whole product on sample mails, on this machine alone",
    "init": "ask for what is needed, write .env, make the first login, try it all",
    "run": "everything in one go: watcher, worker, beat and staff page",
    "watch": "the watcher alone (for more than one machine)",
    "poll": "take in the mailbox once, decide, reply and file",
    "verdict": "dry run on .eml files; needs no configuration",
    "status": "counts by state and the age of pending work",
    "report": "the monthly report as PDF, without personal data",
    "purge": "take old personal data out of the ledger, as the configuration says",
    "export": "registrations as Moodle CSV, CSV, XLSX or JSON lines",
    "handover": "approved requests to the portal by its web service",
    "import": "portal accounts, municipalities or jegyzők from a file",
    "replay": "decide stored mails again, show what would change",
    "reply-preview": "every letter with made-up people, as text or HTML",
    "backup": "the whole ledger in one file, while everything runs",
    "restore": "a backup put back, so that nobody is answered a second time",
    "quarantine": "mails that could not be processed",
    "doctor": "try configuration, database, broker, IMAP, SMTP, DNS and the portal",
    "migrate": "bring the database's schema up to date",
    "createsuperuser": "make a login for the staff page",
    "invite": "send a colleague a letter with which they make their login",
    "changepassword": "change a login's password",
}
MIGRATES_ITSELF = ("run", "demo")
NEEDS_NO_SCHEMA = ("migrate", "doctor", "reply-preview")


def main(argv: list[str] | None = None) -> None:
    """Entry point of the console script; `argv` is without the program's name."""
    try:
        _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader (`| head`) has seen enough


def _run(arguments: list[str]) -> None:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(overview())  # noqa: T201
        return
    if arguments[0] in ("-V", "--version"):
        from importlib.metadata import version  # noqa: PLC0415  # only here is it needed, and it is slow

        print(version("aspoktatas"))  # noqa: T201
        return
    if arguments[0] not in COMMANDS:
        raise SystemExit(f"aspoktatas: unknown command {arguments[0]!r}; `aspoktatas --help` lists them")
    if arguments[0] == "verdict":
        from worker.dryrun import main as verdict  # noqa: PLC0415  # start-up without Django stays under a second

        raise SystemExit(verdict(arguments[1:]))
    if arguments[0] == "init":
        from config.first_run import main as init  # noqa: PLC0415  # there is no configuration yet

        raise SystemExit(init(arguments[1:]))
    _run_management_command(arguments)


def overview() -> str:
    """The text of `aspoktatas --help`."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {text}" for name, text in COMMANDS.items()]
    return "usage: aspoktatas COMMAND [options]\n\n" + "\n".join(lines) + "\n\n`aspoktatas COMMAND --help` tells more."


def _run_management_command(arguments: list[str]) -> None:
    name = arguments[0]
    asks_help = "--help" in arguments or "-h" in arguments
    if name == "demo" and not asks_help:
        from demo.start import prepare_environment  # noqa: PLC0415  # it must run before Django reads its settings

        prepare_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    os.umask(0o077)  # database and exports hold personal data
    try:
        django.setup()
        translation.activate("en")  # of this thread: the page speaks Hungarian, the terminal English
        if name not in NEEDS_NO_SCHEMA and not asks_help:
            from config.schema import SchemaOutdatedError, prepare_schema  # noqa: PLC0415

            try:
                prepare_schema(migrate=name in MIGRATES_ITSELF)
            except SchemaOutdatedError as error:
                raise SystemExit(f"aspoktatas: {error}") from None
        execute_from_command_line(["aspoktatas", name.replace("-", "_"), *arguments[1:]])
    except ImproperlyConfigured as error:
        print(f"aspoktatas: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except DatabaseError as error:
        first_line = str(error).strip().splitlines()[:1]
        print(f"aspoktatas: database: {' '.join(first_line) or 'unknown error'}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
