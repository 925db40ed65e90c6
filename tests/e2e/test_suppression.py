"""Suppression candidates of the daemon: gathered with suppression = on, kept
in the state over restarts and crashes, erased by acceptance, age, forget, or
when the option is switched off.
"""
import datetime
import json
import signal
import time

GONE = "550 5.1.1 <{}>: Recipient address rejected: User unknown"


def line(day, second, recipient, reply, status="bounced"):
    return (f"2026-{day}T12:00:{second:02d}+00:00 mx postfix/smtp[7]: "
            f"4F1A{second:02X}{day[-2:]}: to=<{recipient}>, "
            "relay=mx.shop.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, "
            f"dsn={reply.split()[1]}, status={status} (host "
            f"mx.shop.example[192.0.2.1] said: {reply} (in reply to RCPT TO "
            "command))\n")


def gone(day, second, recipient):
    return line(day, second, recipient, GONE.format(recipient))


class Place:
    """A log, a state and a configuration that agents come and go on."""

    def __init__(self, directory, agent, smtpulse):
        self.log = directory / "mail.log"
        self.log.touch()
        self.state = directory / "kept.db"
        self.agent, self.smtpulse = agent, smtpulse
        self.lines, self.running = 0, None

    def start(self, option="true"):
        self.running = self.agent(
            f'state = "{self.state}"\nsuppression = {option}\n'
            f'source "mail" {{ path = "{self.log}" }}\n')
        self.wait_read()

    def write(self, *lines):
        with open(self.log, "a") as f:
            f.writelines(lines)
        self.lines += len(lines)
        if self.running is not None:
            self.wait_read()

    def wait_read(self):
        """What is published is committed, candidates included."""
        self.running.wait_until(
            lambda: self.running.metrics().sum("smtpulse_lines_total") ==
            self.lines, what=f"{self.lines} lines")

    def stop(self, number=signal.SIGTERM):
        self.running.stop(number)
        self.running = None

    def command(self, *arguments):
        return self.smtpulse(arguments[0], "-c", self.conf, *arguments[1:])

    @property
    def conf(self):
        return self.state.parent / "agent0.conf"

    def listed(self):
        out = self.command("suppressions", "--json")
        assert out.returncode == 0, out.stderr
        return {row["address"]: row for row in
                map(json.loads, out.stdout.splitlines())}


def test_kept_over_restart_and_crash(tmp_path, agent, smtpulse):
    place = Place(tmp_path, agent, smtpulse)
    place.start()
    place.write(gone("11-01", 1, "ann@shop.example"),
                gone("11-01", 2, "Bob@shop.example"),
                line("11-01", 3, "eve@shop.example",
                     "550 5.7.1 Rejected by policy"))
    rows = place.listed()
    assert set(rows) == {"ann@shop.example", "Bob@shop.example"}
    ann = rows["ann@shop.example"]
    assert (ann["code"], ann["enhanced"], ann["reason"], ann["why"],
            ann["count"]) == (550, "5.1.1", "bad-recipient", "permanent", 1)
    assert ann["first"] == "2026-11-01T12:00:01Z"

    place.stop(signal.SIGKILL)
    assert place.listed() == rows
    place.start()
    place.write(gone("11-02", 4, "ann@shop.example"),
                line("11-02", 5, "bob@shop.example", "250 2.0.0 Ok", "sent"),
                gone("11-02", 6, "cid@shop.example"))
    rows = place.listed()
    assert set(rows) == {"ann@shop.example", "cid@shop.example"}
    assert rows["ann@shop.example"]["count"] == 2
    assert rows["ann@shop.example"]["first"] == "2026-11-01T12:00:01Z"
    place.stop()

    logs = smtpulse("suppressions", "--json", place.log)
    assert {json.loads(row)["address"] for row in
            logs.stdout.splitlines()} == set(rows)
    assert place.listed() == rows


def test_forget(tmp_path, agent, smtpulse):
    place = Place(tmp_path, agent, smtpulse)
    place.start()
    place.write(gone("11-01", 1, "Ann.Wilkes@shop.example"),
                gone("11-01", 2, "bob@shop.example"))
    counted = place.running.metrics().sum("smtpulse_attempts_total")

    busy = place.command("forget", "bob@shop.example")
    assert busy.returncode == 75 and "in use" in busy.stderr
    assert len(place.listed()) == 2
    place.stop()

    done = place.command("forget", "ann.wilkes@SHOP.example")
    assert done.returncode == 0 and "is forgotten" in done.stdout
    assert set(place.listed()) == {"bob@shop.example"}
    for path in tmp_path.glob("kept.db*"):
        assert b"wilkes" not in path.read_bytes().lower(), path
    again = place.command("forget", "ann.wilkes@shop.example")
    assert again.returncode == 0 and "not a suppression" in again.stdout
    assert place.command("forget", "nobody").returncode == 2

    place.start()
    assert set(place.listed()) == {"bob@shop.example"}
    assert place.running.metrics().sum("smtpulse_attempts_total") == counted


def test_retention_and_off(tmp_path, agent, smtpulse):
    place = Place(tmp_path, agent, smtpulse)
    place.write(gone("09-01", 1, "old@shop.example"),
                gone("11-01", 2, "new@shop.example"))
    place.start()
    assert set(place.listed()) == {"new@shop.example"}
    place.stop()

    place.start("false")
    place.stop()
    assert place.listed() == {}


def test_no_state(tmp_path, smtpulse):
    conf = tmp_path / "agent.conf"
    conf.write_text(f'state = "{tmp_path}/none.db"\n')
    assert smtpulse("forget", "-c", conf, "a@b.example").returncode == 1
    out = smtpulse("suppressions", "-c", conf)
    assert out.returncode == 1 and "none.db" in out.stderr
    assert not (tmp_path / "none.db").exists()


def test_who_is_a_candidate(tmp_path, smtpulse):
    """From a log at once: for good, or for days, and never for policy, from
    a burst, or after mail was accepted."""
    log = tmp_path / "mail.log"
    full, unknown, away = ("552 5.2.2 Mailbox full",
                           "450 4.1.1 User unknown",
                           "450 4.2.0 Mailbox unavailable")
    days = (
        ("11-01", 1, "full@shop.example", full),
        ("11-05", 1, "full@shop.example", full),
        ("11-05", 2, "full-once@shop.example", full),
        ("11-01", 3, "unknown@shop.example", unknown),
        ("11-03", 3, "unknown@shop.example", unknown),
        ("11-01", 4, "away@shop.example", away),
        ("11-03", 4, "away@shop.example", away),
        ("11-05", 5, "away-once@shop.example", away),
        ("11-01", 6, "policy@shop.example", "450 4.7.1 Rejected by policy"),
        ("11-04", 6, "policy@shop.example", "450 4.7.1 Rejected by policy"),
        ("11-01", 7, "listed@shop.example", "554 5.7.1 blocked using a.rbl"),
        ("11-01", 8, "grey@shop.example", "450 4.2.0 Greylisted"),
        ("11-04", 8, "grey@shop.example", "450 4.2.0 Greylisted"),
        ("11-01", 9, "gone@shop.example", GONE.format("gone@shop.example")),
        ("11-01", 10, "back@shop.example", GONE.format("back@shop.example")),
    )
    lines = [line(day, second, who, reply,
                  "deferred" if reply[0] == "4" else "bounced")
             for day, second, who, reply in days]
    lines.append(line("11-02", 10, "back@shop.example", "250 2.0.0 Ok",
                      "sent"))
    lines += [gone("11-08", s, f"burst{s}@shop.example") for s in range(60)]
    log.write_text("".join(sorted(lines)))
    out = smtpulse("suppressions", "--json", log)
    assert {row["address"].split("@")[0] for row in
            map(json.loads, out.stdout.splitlines())} == {
                "full", "unknown", "away", "gone"}


def hours(bad_minutes, share, start=1793577600, minutes=240):
    """Hours of mail to GMX, 30 a minute; in the minutes named a share of it
    goes to people who are not there. (lines, those people)"""
    lines, people = [], {"before": set(), "then": set(), "after": set()}
    for second in range(0, minutes * 60, 2):
        minute, r = second // 60, (second // 2 * 7919) % 1000 / 1000
        bad = r < (share if minute in bad_minutes else 0.004)
        who = f"p{second}@gmx.net"
        at = datetime.datetime.fromtimestamp(start + second,
                                             datetime.timezone.utc)
        if bad:
            when = ("then" if minute in bad_minutes else
                    "before" if minute < min(bad_minutes) else "after")
            people[when].add(who)
        lines.append(
            f"{at.isoformat()} mx postfix/smtp[7]: {second:010X}: to=<{who}>, "
            "relay=mx00.emig.gmx.net[212.227.15.9]:25, delay=1, "
            + ("delays=0/0/0/1, dsn=5.0.0, status=bounced (host "
               "mx00.emig.gmx.net[212.227.15.9] said: 550 Requested action "
               "not taken: mailbox unavailable (in reply to RCPT TO "
               "command))\n" if bad else
               "delays=0/0/0/1, dsn=2.0.0, status=sent (250 Requested mail "
               "action okay, completed)\n"))
    return lines, people


SPIKE = range(150, 180)


def test_nothing_is_learnt_from_a_spike(tmp_path, agent, smtpulse):
    """A provider that refuses far more than it does refuses a bad list, not
    people: those of the spike are not candidates, neither from the log nor in
    the daemon; those before and after it are."""
    lines, people = hours(SPIKE, 0.3)
    place = Place(tmp_path, agent, smtpulse)
    place.write(*lines)
    fired = [json.loads(a) for a in smtpulse(
        "replay", "--format", "alerts", place.log).stdout.splitlines()]
    assert {a["reason"] for a in fired} == {"bad-recipient"}
    out = smtpulse("suppressions", "--json", place.log)
    listed = {json.loads(a)["address"] for a in out.stdout.splitlines()}
    place.start()
    # a spike ends some minutes after its last refusal
    for found in listed, set(place.listed()):
        assert not found & people["then"]
        assert people["before"] <= found and found & people["after"]


def test_without_a_spike_all_are_learnt(tmp_path, smtpulse):
    """As many refusals, but as ever: no spike, and each is a candidate."""
    lines, people = hours(range(240), 0.0375)
    log = tmp_path / "mail.log"
    log.write_text("".join(lines))
    assert smtpulse("replay", "--format", "alerts", log).stdout == ""
    out = smtpulse("suppressions", "--json", log)
    assert {json.loads(a)["address"] for a in out.stdout.splitlines()} == \
        people["then"]
    assert len(people["then"]) > 0.8 * len(hours(SPIKE, 0.3)[1]["then"])


def test_a_pause_lasts_over_a_restart(tmp_path, agent, smtpulse):
    """Killed in the spike's last minutes, now: at the end of a log the wall
    clock goes on."""
    lines, people = hours(SPIKE, 0.3, int(time.time()) - 180 * 60, 180)
    half = 177 * 30
    place = Place(tmp_path, agent, smtpulse)
    place.write(*lines[:half])
    place.start()
    place.stop(signal.SIGKILL)
    place.start()
    place.write(*lines[half:])
    kept = set(place.listed())
    assert not kept & people["then"] and people["before"] <= kept
