"""The files that others watch the product with: Prometheus' rules and configuration, Grafana's dashboard."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
DASHBOARD = ROOT / "deploy/grafana/aspoktatas.json"
TRIED = ROOT / "tests/deploy/alerts_test.yml"
METRIC = re.compile(r"\baspoktatas_[a-z_]+")


def promtool(*words: str | Path, stdin: str = "") -> str:
    """What promtool says; it must find nothing wrong."""
    program = shutil.which("promtool")
    if program is None:
        pytest.fail("promtool is missing: ./tools/install-test-servers installs it")
    done = subprocess.run([program, *words], input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def metrics(client: Client, db: None) -> str:
    """What a scrape gives."""
    return client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()


def given(metrics: str) -> set[str]:
    return set(re.findall(r"^# TYPE (\S+)", metrics, re.MULTILINE))


def expressions() -> list[str]:
    """What the dashboard asks for."""
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


@pytest.mark.parametrize("file", [ALERTS, DASHBOARD, TRIED], ids=lambda file: file.name)
def test_every_metric_that_is_watched_is_given(metrics: str, file: Path) -> None:
    named = set(METRIC.findall(file.read_text("utf-8")))
    assert len(named) >= 8
    assert named <= given(metrics)


def test_every_metric_has_its_line_in_the_docs(metrics: str) -> None:
    page = (ROOT / "docs/watching.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(aspoktatas_[a-z_]+)", page, re.MULTILINE)) == given(metrics)


def test_prometheus_finds_nothing_wrong_with_the_metrics(metrics: str) -> None:
    assert promtool("check", "metrics", stdin=metrics) == ""


def test_prometheus_reads_its_configuration_and_the_rules() -> None:
    rules = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
    assert f"{len(rules)} rules found" in promtool("check", "rules", ALERTS)
    promtool("check", "config", ALERTS.with_name("prometheus.yml"))
    for rule in rules:
        assert rule["annotations"].keys() == {"summary", "what_to_do"}
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_rule_is_raised_when_it_should_be_and_only_then() -> None:
    tried = TRIED.read_text("utf-8")
    for rule in re.findall(r"- alert: (\w+)", ALERTS.read_text("utf-8")):
        assert f'alertname="{rule}"' in tried
    assert "SUCCESS" in promtool("test", "rules", TRIED)


def test_prometheus_understands_what_the_dashboard_asks(tmp_path: Path) -> None:
    asked = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions())]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": asked}]}), "utf-8")
    assert f"{len(asked)} rules found" in promtool("check", "rules", file)


def test_the_dashboard_says_what_is_a_time() -> None:
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        asked = [target["expr"] for target in panel.get("targets", ())]
        unit = panel["fieldConfig"]["defaults"]["unit"]
        assert all(("_seconds" in expr) == (unit == "s") for expr in asked), panel["title"]


def test_the_dashboard_lays_its_panels_side_by_side() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not taken & cells
        taken |= cells
