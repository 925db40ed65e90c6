"""smtpulse incident: what the state of a running agent tells of an alert."""
import json
import time

from test_alertmanager import Log

HEADINGS = ["## Timeline", "## Codes", "## Whose mail", "## Ways out",
            "## What became of the mail", "## Samples", "## What to do",
            "## For the provider's postmaster"]


def test_list_and_report_beside_a_running_agent(agent, smtpulse, tmp_path):
    log = Log(tmp_path / "mail.log")
    log.throttle(int(time.time()) // 60 - 2)
    a = agent('source "mail" { path = "%s" mta = postfix tz = "UTC" }\n' %
              log.path)
    alerts = a.wait_until(
        lambda: json.loads(a.get("/alerts")[2])["alerts"], what="an alert")
    alert = alerts[0]

    def listed():
        done = smtpulse("incident", "-c", a.config)
        assert done.returncode == 0, done.stderr
        return done.stdout
    a.wait_until(lambda: alert["id"] in listed(), what="its commit")
    assert "firing" in listed()

    done = smtpulse("incident", "-c", a.config, alert["id"])
    assert done.returncode == 0, done.stderr
    at = [done.stdout.index(h) for h in HEADINGS]
    assert at == sorted(at)
    assert done.stdout.startswith("# Google defers ")
    assert "421 4.7.28" in done.stdout
    assert "smtp-google_destination_rate_delay" in done.stdout
    letter = done.stdout[at[-1]:]
    assert alert["evidence"][0]["queue_id"] in letter
    assert "shop.example" in done.stdout and "shop.example" not in letter
    assert "ann@" not in done.stdout


def test_what_is_not_there(smtpulse, tmp_path):
    config = tmp_path / "agent.conf"
    config.write_text('state = "%s/none.db"\n' % tmp_path)
    done = smtpulse("incident", "-c", config)
    assert done.returncode == 1 and "none.db" in done.stderr
    assert not (tmp_path / "none.db").exists()
    config.write_text('state = ""\n')
    done = smtpulse("incident", "-c", config, "1")
    assert done.returncode == 1 and "no state" in done.stderr
    assert smtpulse("incident", "1", "2").returncode == 2


def test_unknown_id(agent, smtpulse, tmp_path):
    a = agent('source "mail" { path = "%s/mail.log" }\n' % tmp_path)
    done = a.wait_until(
        lambda: (lambda d: d.returncode == 1 and d)(
            smtpulse("incident", "-c", a.config, "0123456789abcdef")))
    assert "not known" in done.stderr
