"""Run the lab: a real MTA against scripted servers in private namespaces, with
the agent tailing its live log inside. See lab/README.md."""
import collections
import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(HERE, "lab")
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("SMTPULSE", os.path.join(ROOT, "build", "smtpulse"))

AGENT_CONF = """
listen = {"127.0.0.1:10421"}
state = ""
source "mail" { path = "%s" mta = auto }
"""

# The agent starts before the traffic and is asked once the MTA has stopped.
AGENT_SH = r"""#!/bin/bash
/out/smtpulse run -c /out/agent.conf 2> /out/agent.err & P=$!
last() {
  sleep 3     # the second's tick publishes twice: new series show 0 first
  curl -sS http://127.0.0.1:10421/metrics > /out/metrics.txt
  kill $P; wait $P; echo $? > /out/agent.rc; exit 0
}
trap last TERM
while :; do sleep 1 & wait $!; done
"""


def refused():
    """Why the lab cannot run here, or None."""
    if os.geteuid() != 0:
        return "the lab needs root"
    probe = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "true"],
        capture_output=True, text=True)
    if probe.returncode != 0:
        return "namespaces are refused here: " + probe.stderr.strip()
    return None


def setup(*mtas):
    subprocess.run([os.path.join(LAB, "setup.sh"), *mtas], check=True, timeout=500,
                   stdout=subprocess.DEVNULL)


class Run:
    def __init__(self, out, log):
        self.out, self.log = str(out), os.path.join(str(out), os.path.basename(log))

    def truth(self):
        with open(os.path.join(self.out, "truth-server.jsonl"), encoding="utf-8") as f:
            return [json.loads(line) for line in f]

    def read(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as f:
            return f.read()

    def events(self, *options):
        """What replay says of the log that the MTA left."""
        return replay_events(self.log, *options)


def replay(path, *options):
    done = subprocess.run([PROGRAM, "replay", *options, path], capture_output=True,
                          timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8")


def replay_events(path, *options):
    return [json.loads(line) for line in replay(path, "--tz", "UTC", *options).splitlines()]


def start(out, mta, log, *options, conf=None, env=None):
    """Begin a run; wait() on what comes back, then make a Run of it."""
    out = str(out)
    shutil.copy(PROGRAM, os.path.join(out, "smtpulse"))
    with open(os.path.join(out, "agent.conf"), "w") as f:
        f.write(conf or AGENT_CONF % log)
    path = os.path.join(out, "agent.sh")
    with open(path, "w") as f:
        f.write(AGENT_SH)
    os.chmod(path, 0o755)
    with open(os.path.join(out, "lab.err"), "w") as err:
        return subprocess.Popen(
            [os.path.join(LAB, "run.sh"), mta, "--out", out, "--exec", "exec /out/agent.sh",
             *options], stdout=subprocess.DEVNULL, stderr=err, env={**os.environ, **(env or {})})


def plain(address):
    """Exim logs an address as it rewrote it: without quotes, in lower case."""
    return (address or "").replace('"', "").lower()


def per_code(truth, codes):
    """Replies of the servers: {(recipient, code): how many} at rcpt, data and eod.
    A probe (sendmail -bv) asks about an address and delivers nothing."""
    n = collections.Counter()
    for e in truth:
        if e["ev"] == "attempt" and e.get("code") and codes(int(e["code"])) \
                and not e["rcpt"].startswith("probe"):
            n[plain(e["rcpt"]), int(e["code"])] += 1
    return n


def per_event(events, codes):
    n = collections.Counter()
    for e in events:
        if e["event"] == "delivery" and e["attempt"] and e["code"] and codes(e["code"]) \
                and e["stage"] in ("rcpt", "data", "eod", None):
            n[plain(e["recipient"]), e["code"]] += e["count"]
    return n


def permanent(code):
    return code == 250 or 500 <= code < 600


def score(got, want):
    """(precision, recall) of two counters."""
    both = sum((got & want).values())
    return both / max(1, sum(got.values())), both / max(1, sum(want.values()))
