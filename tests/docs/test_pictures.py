"""The pictures of the docs: each is in the list that makes them, in the folder, and on a page; and light."""

from __future__ import annotations

import re

import pytest

from tests.browser.pages import PAGES as STOPS
from tests.docs.reading import DOCS, PAGES
from tools.pictures import IMAGES, PICTURES

NAMES = [picture.name for picture in PICTURES]
NO_STOP = {"second-factor"}  # tools/screenshots.py goes there by itself


def test_folder_list_and_pages_agree() -> None:
    shown = {name for text in PAGES.values() for name in re.findall(r"images/([\w-]+)\.png", text)}
    assert {file.stem for file in IMAGES.glob("*.png")} == set(NAMES) == shown
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_every_picture_is_of_a_page_that_the_browser_tests_know(picture: object) -> None:
    assert picture.stop in {stop.name for stop in STOPS} | NO_STOP  # type: ignore[attr-defined]


def test_they_are_light() -> None:
    sizes = {file.name: file.stat().st_size for file in IMAGES.glob("*.png")}
    assert max(sizes.values()) < 100_000, sizes
    assert sum(sizes.values()) < 1_000_000, sizes


def test_every_picture_says_what_it_shows() -> None:
    for file in DOCS.glob("*.md"):
        assert not re.search(r"!\[\s*\]", file.read_text("utf-8")), file.name
