"""`aspoktatas reply-preview`: every letter with made-up people, as it would go out under this configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from config.catalogue import load_catalogue
from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.replies.cases import LETTERS, Case, sample_letters, write_sample
from worker.replies.compose import ComposedReply
from worker.replies.rendering import load_environment

Sample = tuple[str, Case, ComposedReply]


class Command(OperatorCommand):
    """Prints the samples, or writes them to a folder with a page that lists them."""

    help = "Shows every letter with made-up people, as text or, with -o, as HTML and text in a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which letters, which cases, and where to."""
        parser.add_argument("--letter", choices=LETTERS, metavar="NAME", help=", ".join(LETTERS))
        parser.add_argument(
            "--case", metavar="NAME", help="one case, such as pir-missing or three; a wrong name lists them"
        )
        parser.add_argument("--html", action="store_true", help="print the HTML instead of the text")
        parser.add_argument("-o", metavar="FOLDER", dest="folder", type=Path, help="write files and an index.html")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the samples asked for."""
        samples = _samples(options["letter"], options["case"])
        if options["folder"]:
            _write_files(options["folder"], samples)
            self.stdout.write(f"{len(samples)} letters in {options['folder'] / 'index.html'}")
            return
        for letter, case, reply in samples:
            self.stdout.write(f"=== {letter} / {case.name}\n")
            self.stdout.write(reply.html if options["html"] else f"{reply.subject}\n\n{reply.text}")


def _samples(letter: str | None, case: str | None) -> list[Sample]:
    catalogue, environment = load_catalogue(), settings.ASPOKTATAS
    pairs = list(sample_letters(catalogue, (letter,) if letter else LETTERS))
    chosen = [pair for pair in pairs if case is None or pair[1].name == case]
    if not chosen:
        names = dict.fromkeys(one.name for _, one in pairs)
        raise CommandError(f"no such case here; there are {', '.join(names)}")
    return [
        (name, one, write_sample(name, one, catalogue, environment.address, environment.privacy_url))
        for name, one in chosen
    ]


def _write_files(folder: Path, samples: list[Sample]) -> None:
    """`letter_case.html` and `.txt` for each sample, and index.html that links them."""
    names = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for letter, case, reply in samples:
            name = f"{letter}_{case.name}"
            (folder / f"{name}.html").write_text(reply.html, "utf-8")
            (folder / f"{name}.txt").write_text(f"{reply.subject}\n\n{reply.text}", "utf-8")
            names.append((name, letter, case.name, reply.subject))
        index = load_environment(True).get_template("shared/index.html")
        (folder / "index.html").write_text(index.render(samples=names), "utf-8")
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None
