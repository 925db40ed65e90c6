"""explain: one reply from each MTA's log line, over HTTP, by a user's rule,
and the inbox of what no rule knew.
"""
import html
import json
import subprocess
import urllib.parse

import pytest

from conftest import PROGRAM

POSTFIX = ("Nov  1 10:00:00 mx postfix/smtp[7]: 4F1A2B: to=<a@gmail.com>, "
           "relay=gmail-smtp-in.l.google.com[192.0.2.1]:25, delay=1, "
           "delays=0/0/0/1, dsn={}, status={} (host "
           "gmail-smtp-in.l.google.com[192.0.2.1] said: {} (in reply to "
           "RCPT TO command))")
EXIM = ("2026-11-01 10:00:00 1t5abc-000001-AA ** a@gmail.com R=dnslookup "
        "T=remote_smtp H=gmail-smtp-in.l.google.com [192.0.2.1]: SMTP error "
        "from remote mail server after RCPT TO:<a@gmail.com>: {}")
SENDMAIL = ("Nov  1 10:00:00 mx sendmail[123]: 4A1ABCDE000123: "
            "to=<a@gmail.com>, delay=00:00:01, xdelay=00:00:01, "
            "mailer=esmtp, pri=30000, relay=gmail-smtp-in.l.google.com. "
            "[192.0.2.1], dsn={}, stat={}: {}")


def explain(*arguments, line=None):
    return subprocess.run([PROGRAM, "explain", *arguments], text=True,
                          input=line, capture_output=True)


@pytest.mark.parametrize("mta,line,want", [
    ("postfix", POSTFIX.format("5.1.1", "bounced",
                               "550 5.1.1 That account does not exist"),
     (550, "5.1.1", "bad-recipient", "suppress")),
    ("exim", EXIM.format("552-5.2.2 That inbox is full\\n552 5.2.2 Sorry"),
     (552, "5.2.2", "mailbox-full", "resend-later")),
    ("sendmail", SENDMAIL.format("4.7.28", "Deferred",
                                 "421 4.7.28 An unusual rate of mail"),
     (421, "4.7.28", "rate-limit", "slow-down")),
])
def test_a_line_of_each_mta(mta, line, want):
    said = json.loads(explain("--json", line=line + "\n").stdout)
    assert (said["code"], said["enhanced"], said["reason"],
            said["action"]) == want
    assert said["provider"] == "google" and said["provider_page"]
    for key in ("class_help", "enhanced_name", "who", "next", "retry",
                "rule", "rule_source"):
        assert said[key], key
    text = explain(line=line + "\n").stdout
    assert want[2] in text and want[3] in text
    assert f"\n# {mta}: " in text


def test_words_without_a_code():
    assert "mailbox-full" in explain("mailbox is full").stdout
    assert explain("nonsense").returncode == 2


def test_rows_may_leave_codes_to_the_text():
    said = explain("--tsv", line="\t\t\t421 4.7.29 no TLS, no mail\n"
                   "552\t\t\t552 5.3.4 Message is too big\n").stdout
    assert said == "tls\tfix-config\ntoo-large\tfix-message\n"


def test_over_http(agent, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    a = agent(f'source "mail" {{ path = "{log}" }}\n')

    def page(**asked):
        path = "/explain?" + urllib.parse.urlencode(asked)
        status, _, body = a.get(path)
        assert status == 200
        return html.unescape(body.decode())

    text = page(code=421, enhanced="4.7.28", provider="google")
    for words in ("rate-limit", "slow-down", "Mail flood detected",
                  "back off", "3726730", "# postfix: ", "# exim: ",
                  "# sendmail: ", "slow-google", "# undo:"):
        assert words in text, words
    assert "bad-recipient" in page(text="550 5.1.1 No such user")
    assert "mailbox-full" in page(text="the mailbox is full")
    assert "is needed" in page()


def test_a_bad_pattern_is_refused_with_its_place(tmp_path):
    conf = tmp_path / "agent.conf"
    conf.write_text("\nreason \"quota\" { match = 'over (the limit' "
                    "reason = mailbox-full }\n")
    said = subprocess.run([PROGRAM, "check", "-c", conf], text=True,
                          capture_output=True)
    assert said.returncode == 78
    assert f"{conf}:2: " in said.stderr and "column 16" in said.stderr


def test_the_inbox_teaches(tmp_path):
    """What is pasted from the inbox is known from then on."""
    log = tmp_path / "mail.log"
    log.write_text("".join(
        POSTFIX.format(dsn, "deferred", reply) + "\n"
        for dsn, reply in 3 * [("4.0.0", "999 what is this")] +
        [("4.0.0", "998 no idea")]))
    inbox = explain("--unclassified", str(log)).stdout
    assert "3 times" in inbox.splitlines()[0]
    conf = tmp_path / "agent.conf"
    conf.write_text(f'state = "{tmp_path}/state.db"\n'
                    f'source "mail" {{ path = "{log}" }}\n' + inbox)
    for arguments, reason in ((), "unknown"), (("-c", conf), "server-error"):
        told = subprocess.run(
            [PROGRAM, "replay", *arguments, "--mta", "postfix", "--year",
             "2026", log], text=True, capture_output=True, check=True)
        assert {json.loads(line)["reason"]
                for line in told.stdout.splitlines()} == {reason}
