"""Which pictures the docs show: a page of tests/browser/pages.py in one of its states, and how much of it.

tests/docs/test_pictures.py holds this list to the files in docs/images and to what the pages of the docs show.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
COLOURS = 128  # of a picture: pages have few, and a palette makes files a third as large


@dataclass(frozen=True, slots=True)
class Picture:
    """`NAME.png`: the page `stop`, from its top down to `height`, both in CSS pixels; or a part of it (a selector)."""

    name: str
    stop: str
    height: int = 760
    width: int = 1280
    part: str = ""


PICTURES = (
    Picture("login", "login", 480, 760),
    Picture("second-factor", "second-factor", 860, part="main section"),
    Picture("queue", "queue", 830),
    Picture("phone", "queue", 740, 360),
    Picture("keys", "help", 900, part="#help"),
    Picture("case", "case", 900),
    Picture("conversation", "case-conversation", 800),
    Picture("ask", "case-ask", 940),
    Picture("reject", "case-reject-letter", 660),
    Picture("manual", "mail", 760),
    Picture("link", "mail-link", 500, 900),
    Picture("drafts", "queue-drafts", 640),
    Picture("handover", "handover-file", 560),
    Picture("portal", "portal-run", 800),
    Picture("directories", "directories", 640),
    Picture("trial", "ruledesk-tried", 720),
    Picture("overview", "overview", 800),
    Picture("privacy", "privacy", 760),
    Picture("people", "people", 720),
)


def make_small(path: Path) -> None:
    """Write the PNG anew with a palette."""
    from PIL import Image  # noqa: PLC0415  # comes with matplotlib; who reads the list needs no pictures

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
