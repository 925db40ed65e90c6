"""The Prometheus rules: valid, each alert tested both ways and explained in the runbook."""
import collections
import pathlib
import re
import shutil
import subprocess

import pytest

yaml = pytest.importorskip("yaml")
DASHBOARDS = pathlib.Path(__file__).resolve().parents[2] / "dashboards"
PROMTOOL = shutil.which("promtool")


def load(name):
    return yaml.safe_load((DASHBOARDS / name).read_text())


RULES = [rule for group in load("rules.yml")["groups"]
         for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule]


def promtool(*arguments):
    done = subprocess.run([PROMTOOL, *arguments], cwd=DASHBOARDS,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_are_valid():
    promtool("check", "rules", "rules.yml")


def test_each_alert_fires_when_it_should():
    promtool("test", "rules", "rules_test.yml")


def test_each_alert_is_tested_both_ways():
    tried = collections.defaultdict(set)
    for case in load("rules_test.yml")["tests"]:
        for check in case["alert_rule_test"]:
            tried[check["alertname"]].add(bool(check["exp_alerts"]))
    assert dict(tried) == {a["alert"]: {True, False} for a in ALERTS}


def test_each_alert_says_what_it_means():
    chapters = re.findall(r"^## (\w+)$", (DASHBOARDS / "runbook.md").read_text(),
                          re.M)
    assert chapters == [a["alert"] for a in ALERTS]
    for alert in ALERTS:
        notes = alert["annotations"]
        assert notes["runbook"] == "runbook.md#" + alert["alert"].lower()
        assert {"summary", "description", "dashboard"} <= set(notes)
        assert alert["labels"]["subject"] in ("mail", "agent")
        assert "severity" in alert["labels"] or "spike_info" in alert["expr"]
