"""The site is built without a warning (links, anchors, pages outside the menu), and asks no other host for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.reading import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("INFO ")] == []
    return folder


def test_every_page_is_built_the_ones_at_the_top_too(site: Path) -> None:
    pages = {file.stem for file in site.glob("*.html")} - {"404"}
    assert pages == {file.stem for file in (ROOT / "docs").glob("*.md")} | {"contributing", "changelog"}


def test_nothing_comes_from_another_host(site: Path) -> None:
    for file in site.glob("*.html"):
        for tag in re.findall(r"<(?:link|script|img|iframe|source)\b[^>]*>", file.read_text("utf-8")):
            assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", tag), (file.name, tag)


def test_the_staffs_guide_says_that_it_is_hungarian(site: Path) -> None:
    assert '<div lang="hu">' in (site / "munkatarsak.html").read_text("utf-8")


def test_links_between_docs_and_the_top_are_those_of_the_site(site: Path) -> None:
    page = (site / "contributing.html").read_text("utf-8")
    assert 'href="adding.html"' in page
    assert 'href="docs/' not in page
