"""The look of the page: what is fetched is locked, no host stands in it, and our sheets name what DÁP has."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

from tools import assets
from tools.dap_css import theme, translate

ROOT = Path(__file__).parents[2]
SHEET = """
:root { --dds-button-bg: var(--dds-button-base); --dds-button-base: blue; --dds-toggle-bg: red; }
.dds-button { color: red; background: var(--dds-button-bg); }
.dds-button--primary:hover, .dds-toggle--on { color: green; }
.dds-toggle { color: blue; }
.dds-checkbox:checked, .dds-checkbox[checked] { background-image: url("data:image/svg+xml,%3Csvg%3E%3C/svg%3E"); }
.high-contrast-theme .dds-button { border: 1px solid yellow; }
@keyframes spin { from { rotate: 0deg; } }
"""


def test_classes_are_tied_to_elements_and_the_rest_is_left_out() -> None:
    sheets = translate(SHEET)
    assert "button, .button" in sheets.every
    assert ".primary" in sheets.every
    assert "toggle" not in sheets.every
    assert "[checked]" not in sheets.every
    assert "rotate" not in sheets.every
    assert sheets.high_contrast.count("yellow") == 1
    assert "yellow" not in sheets.every


def test_only_variables_in_use_are_kept() -> None:
    every = translate(SHEET).every
    assert "--dds-button-base: blue" in every
    assert "--dds-toggle-bg" not in every


def test_pictures_become_files() -> None:
    sheets = translate(SHEET)
    (name,) = sheets.pictures
    assert sheets.pictures[name] == "<svg></svg>"
    assert f'url("{name}")' in sheets.every
    assert "data:" not in sheets.every


def test_a_theme_keeps_its_variables_alone() -> None:
    text = theme(":root{font-size:16px;--a:1}.dark-theme{--a:2;--b:calc(1px + 2px)}.sr-only{color:red}")
    assert text == ":root {\n  --a: 2;\n  --b: calc(1px + 2px);\n}\n"


def test_the_lock_file_names_no_registry_and_has_every_checksum() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all(one["integrity"].startswith("sha512-") for name, one in packages.items() if name)
    assert not any("resolved" in one for one in packages.values())
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = wanted["dependencies"] | wanted["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in versions} == versions


def test_the_set_up_has_fetched_it() -> None:
    assert assets.is_current(assets.VENDOR), "make assets"
    assert assets.is_current(assets.DEV_VENDOR), "make setup-dev"


def test_nothing_fetched_names_a_host_or_holds_data() -> None:
    for sheet in assets.VENDOR.glob("*.css"):
        text = sheet.read_text()
        assert not re.search(r"https?:|data:|@import|sourceMappingURL", text), sheet.name
        for name in re.findall(r"url\(([^)]*)\)", text):
            assert (assets.VENDOR / name.strip('"')).is_file()


@pytest.mark.parametrize("name", assets.THEMES)
def test_our_sheets_name_what_each_theme_has(name: str) -> None:
    known = set(re.findall(r"(--[\w-]+)\s*:", (assets.VENDOR / f"{name}.css").read_text()))
    known |= set(re.findall(r"(--[\w-]+)\s*:", (assets.VENDOR / "components.css").read_text()))
    for sheet in (ROOT / "review" / "static" / "review").glob("*.css"):
        named = set(re.findall(r"var\((--dds-[\w-]+)", sheet.read_text()))
        assert named <= known, (sheet.name, sorted(named - known))


def test_our_sheets_name_each_colour_in_one_place() -> None:
    ours = ROOT / "review" / "static" / "review"
    defined = set(re.findall(r"(--[\w-]+)\s*:", (ours / "theme.css").read_text()))
    for sheet in ours.glob("*.css"):
        local = set(re.findall(r"(--[\w-]+)\s*:", sheet.read_text()))
        used = {one for one in re.findall(r"var\((--[\w-]+)", sheet.read_text()) if not one.startswith("--dds-")}
        assert used <= defined | local, (sheet.name, sorted(used - defined - local))


def test_without_npm_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without npm and Node: the folder stays as it was, the reason is told."""
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert shutil.which("npm") is None
    with pytest.raises(assets.AssetsError, match="no npm"):
        assets.fetch(dev=False)
    assert not (tmp_path / "vendor").exists()
