"""What the docs point at is there: files, modules that are run, pages, and what a page links to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.reading import DOCS, ROOT, TODAY, code_of

FOLDERS = "bench|config|demo|deploy|docs|registry|review|rules|staff|templates|tests|tools|worker"
PATH = re.compile(rf"(?<![\w/.$-])(?:{FOLDERS})/[\w./*{{}},-]*")
MADE = {"review/static/vendor", "tests/browser/vendor", "docs/performance.json"}  # by the set-up and by make bench


def there(path: str) -> bool:
    """Is the file or folder there, every one of `{one,other}`, at least one of `*`?"""
    braces = re.search(r"\{([^}]*)\}", path)
    if braces:
        return all(there(path.replace(braces[0], one, 1)) for one in braces[1].split(","))
    if "*" in path:
        return any(ROOT.glob(path))
    return (ROOT / path).exists() or path.rstrip("/") in MADE


def paths_of(text: str) -> set[str]:
    """Every path of the repository that is named in code; what is a pattern for a new one (`<code>`, …) is left out."""
    found: set[str] = set()
    for code in code_of(text):
        if not re.search(r"[<…]|moodle/moodle", code):
            found |= {one.rstrip(".,") for one in PATH.findall(code)}
    return found


@pytest.mark.parametrize("name", sorted(TODAY))
def test_every_path_is_there(name: str) -> None:
    assert [one for one in sorted(paths_of(TODAY[name])) if not there(one)] == []


@pytest.mark.parametrize("name", sorted(TODAY))
def test_every_module_that_is_run_is_there(name: str) -> None:
    for module in re.findall(rf"-m ((?:{FOLDERS})\.[\w.]+)", TODAY[name]):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_at_the_top_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", TODAY[name])
    assert links
    for link in links:
        assert "://" in link or (ROOT / link).exists(), link


def test_every_page_that_the_code_names_is_there() -> None:
    """Docstrings, messages to operators and files for deployment send their readers to pages."""
    named: dict[str, Path] = {}
    for folder in FOLDERS.split("|"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".toml", ".yml", ".md", ".service", ".txt") and "vendor" not in file.parts:
                named |= dict.fromkeys(re.findall(r"\bdocs/[\w-]+\.md", file.read_text("utf-8")), file)
    assert len(named) > 10
    assert {page: file for page, file in named.items() if not (ROOT / page).exists()} == {}


def test_every_page_can_be_read_to_its_end() -> None:
    """Somebody who looks for one thing reads one page: what grows beyond this is split or shortened."""
    long = {
        file.name: lines for file in DOCS.glob("*.md") if (lines := len(file.read_text("utf-8").splitlines())) > 300
    }
    assert set(long) <= {"rules.md"}, long  # made from the rules


def test_every_path_in_the_diagram_is_there() -> None:
    drawn = PATH.findall((DOCS / "images/architecture.svg").read_text("utf-8"))
    assert len(drawn) > 15
    assert [one for one in drawn if not there(one)] == []
