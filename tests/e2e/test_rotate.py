"""Real logrotate under a writer that does not wait: nothing lost, nothing twice."""
import shutil
import subprocess
import threading

import pytest

LOGROTATE = shutil.which("logrotate") or "/usr/sbin/logrotate"
LINE = ("Nov 22 04:57:05 mx postfix/smtp[1]: %08X: to=<a@gmail.com>, "
        "relay=gmail-smtp-in.l.google.com[127.20.1.1]:25, delay=0.2, delays=0.1/0/0/0.1, "
        "dsn=2.0.0, status=sent (250 2.0.0 OK)\n")
ROTATIONS, EACH = 12, 400


class Writer(threading.Thread):
    """Opens the log anew for each burst, as syslog does after its HUP."""

    def __init__(self, path):
        super().__init__()
        self.path, self.written, self.go_on = path, 0, True
        self.pause = threading.Lock()

    def run(self):
        while self.go_on:
            with self.pause, open(self.path, "a", encoding="ascii") as log:
                for _ in range(EACH):
                    log.write(LINE % self.written)
                    self.written += 1


def rotate(config, state):
    subprocess.run([LOGROTATE, "-f", "-s", state, config], check=True, timeout=30)


@pytest.mark.parametrize("how", ["create 0640 root root", "nocreate"])
def test_rotation_under_load(agent, tmp_path, how):
    log = tmp_path / "logs" / "mail.log"
    log.parent.mkdir(mode=0o755)
    log.touch()
    config = tmp_path / "rotate.conf"
    config.write_text(f"{log} {{\n\trotate {ROTATIONS + 2}\n\tmissingok\n\t{how}\n}}\n")
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix tz = "UTC" }}')
    writer = Writer(log)
    writer.start()
    try:
        for n in range(1, ROTATIONS + 1):
            a.wait_until(lambda: writer.written > n * EACH)
            rotate(config, tmp_path / "rotate.state")
    finally:
        writer.go_on = False
        writer.join()
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total", provider="google")
                 == writer.written, timeout=40, what="every line counted once")
    assert a.metrics().sum("smtpulse_gaps_total") == 0
    assert a.metrics().sum("smtpulse_rotations_total") > 0
