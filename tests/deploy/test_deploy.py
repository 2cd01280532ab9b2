"""The files under deploy/ name what the product has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.test import Client

from config.variables import PREFIX

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"\baspoktatas_[a-z_]+")


def metrics_of(name: str) -> set[str]:
    return set(METRIC.findall((DEPLOY / name).read_text("utf-8")))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["prometheus/alerts.yml", "grafana/aspoktatas.json"])
def test_every_metric_that_is_watched_is_given(client: Client, name: str) -> None:
    given = set(re.findall(r"^# TYPE (\S+)", client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode(), re.M))
    assert len(metrics_of(name)) >= 8
    assert metrics_of(name) <= given


def test_the_alert_rules_have_what_prometheus_wants() -> None:
    groups = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    for rule in rules:
        assert {"alert", "expr", "labels", "annotations"} <= rule.keys() <= {*rule, "for"}
        assert rule["annotations"].keys() == {"summary", "what_to_do"}


def test_the_dashboard_lays_its_panels_side_by_side() -> None:
    panels = json.loads((DEPLOY / "grafana/aspoktatas.json").read_text("utf-8"))["panels"]
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not taken & cells
        taken |= cells


def test_systemd_understands_the_unit() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("systemd-analyze is missing: ./tools/install-test-servers installs it")
    unit = DEPLOY / "systemd/aspoktatas.service"
    done = subprocess.run([program, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert complaints == []


def test_the_proxy_example_names_variables_that_exist() -> None:
    told = (ROOT / "docs/configuration.md").read_text("utf-8")
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", (DEPLOY / "caddy/Caddyfile").read_text("utf-8")))
    assert named
    assert all(f"`{name}`" in told for name in named)
