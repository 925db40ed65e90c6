"""A real Postfix is throttled and let go again; a real Alertmanager hears it."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

import labrun

HERE = pathlib.Path(__file__).resolve().parent
ZONE = """
mx gmail.com 5 gmail-smtp-in.l.google.com 127.20.1.1 style=google tls
mx yahoo.com 1 mta5.am0.yahoodns.net 127.20.3.1 style=yahoo tls
a shop.example 127.2.1.2
a bank.example 127.2.1.4
"""
CONF = """
listen = {"127.0.0.1:10421"}
state = ""
source "mail" { path = "/var/log/mail.rfc3339.log" mta = postfix }
spike { sensitivity = off }
rule "421" { window = 1m count = 10 for = 0s clear = 1m }
alertmanager "main" { url = "http://127.0.0.1:9093" }
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    why = labrun.refused()
    if why:
        pytest.skip(why)
    if not shutil.which("prometheus-alertmanager"):
        pytest.skip("no Alertmanager here")
    labrun.setup("postfix")
    out, profile = tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("p")
    for name in "replies.txt", "tenants.txt":
        shutil.copy(HERE / "lab" / "profiles" / "dev" / name, profile)
    (profile / "zone.txt").write_text(ZONE)
    (out / "agent.conf").write_text(CONF)
    shutil.copy(labrun.PROGRAM, out / "smtpulse")
    shutil.copy(HERE / "throttle_inside.py", out)
    with open(out / "lab.err", "w") as err:
        subprocess.run(
            [os.path.join(labrun.LAB, "run.sh"), "postfix", "--out", str(out),
             "--profile", str(profile), "--limit", "600", "--shell"],
            input="exec /usr/bin/python3 /out/throttle_inside.py\n", text=True,
            stdout=err, stderr=err, timeout=900)
    assert (out / "seen.json").exists(), (out / "lab.err").read_text()
    return json.loads((out / "seen.json").read_text())


def test_alert_names_provider_code_tenant_and_scope(seen):
    assert len(seen["firing"]) == 1
    labels = seen["firing"][0]["labels"]
    assert labels["alertname"] == "Smtpulse421Spike"
    assert (labels["provider"], labels["code"], labels["enhanced"],
            labels["reason"], labels["cause"]) == (
        "google", "421", "4.7.28", "rate-limit", "provider"), labels
    alert, = seen["told"]
    assert alert["scope"] == "isolated"
    assert alert["rule"] == "421"
    assert alert["tenants"][0]["tenant"] == "shop.example"
    assert alert["tenants"][0]["share"] > 0.5
    assert "unusual rate of unsolicited mail" in alert["evidence"][0]["text"]


def test_it_is_resolved_when_mail_flows_again(seen):
    alert, = seen["resolved"]
    assert alert["id"] == seen["told"][0]["id"]
    assert alert["state"] == "resolved"
    assert alert["cleared_at"] > alert["at"]


def test_recipients_are_in_no_alert_and_no_metric(seen):
    assert "canary" not in json.dumps(seen)
