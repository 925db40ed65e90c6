"""Inside the lab, where Postfix runs: mail of two tenants to two providers, a
throttle that is switched on and off at one of them, the agent and a real
Alertmanager. What was seen on the way is left in /out/seen.json."""
import itertools
import json
import pathlib
import smtplib
import subprocess
import threading
import time
import urllib.request

OUT = pathlib.Path("/out")
SWITCH = pathlib.Path("/run/switch/eod@gmail-smtp-in.l.google.com")
AM, AGENT = "http://127.0.0.1:9093", "http://127.0.0.1:10421"
PATIENCE_S = 240
AM_CONF = {"route": {"receiver": "r", "group_wait": "0s"},
           "receivers": [{"name": "r"}]}
# sender, recipient's domain; three of four to the one are the shop's
MAIL = [("info@shop.example", "gmail.com"), ("info@shop.example", "gmail.com"),
        ("info@bank.example", "yahoo.com"), ("info@shop.example", "gmail.com"),
        ("info@bank.example", "gmail.com"), ("info@shop.example", "yahoo.com")]


def wait(what, condition):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.5)
    raise SystemExit("waited in vain for " + what)


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def active():
    done = subprocess.run(["amtool", "--alertmanager.url", AM, "alert",
                           "query", "-o", "json"], capture_output=True,
                          text=True, timeout=60)
    return json.loads(done.stdout) if done.returncode == 0 else None


def ours():
    return json.loads(fetch(AGENT + "/alerts") or '{"alerts": []}')["alerts"]


def delivered():
    return sum(float(line.split()[-1]) for line in
               fetch(AGENT + "/metrics").splitlines() if line.startswith(
                   "smtpulse_attempts_total{") and 'outcome="delivered"' in
               line and "google" in line)


def send(stop):
    for n, (sender, domain) in enumerate(itertools.cycle(MAIL)):
        if stop.wait(0.25):
            return
        try:
            with smtplib.SMTP("127.0.0.1", 25, timeout=60,
                              source_address=("127.2.1.2", 0)) as c:
                c.sendmail(sender, "canary%d@%s" % (n, domain),
                           "Subject: %d\r\n\r\nhello\r\n" % n)
        except (OSError, smtplib.SMTPException):
            pass


def play():
    stop = threading.Event()
    sender = threading.Thread(target=send, args=(stop,))
    sender.start()
    try:
        wait("ordinary mail", lambda: delivered() > 10)
        wait("an Alertmanager without alerts", lambda: active() == [])
        SWITCH.write_text("gm-421-28\n")
        firing = wait("the alert", active)
        told = ours()
        SWITCH.unlink()
        wait("its end at Alertmanager", lambda: active() == [])
        return {"firing": firing, "told": told, "resolved": ours(),
                "metrics": fetch(AGENT + "/metrics")}
    finally:
        stop.set()
        sender.join()


def main():
    (OUT / "am.yml").write_text(json.dumps(AM_CONF))
    with open(OUT / "am.err", "w") as err:
        am = subprocess.Popen(
            ["prometheus-alertmanager", "--config.file", "/out/am.yml",
             "--storage.path", "/tmp/am", "--web.listen-address",
             "127.0.0.1:9093", "--cluster.listen-address", ""],
            stdout=err, stderr=err)
    with open(OUT / "agent.err", "w") as err:
        agent = subprocess.Popen(["/out/smtpulse", "run", "-c",
                                  "/out/agent.conf"], stderr=err)
    try:
        wait("Alertmanager", lambda: active() is not None)
        wait("the agent", lambda: fetch(AGENT + "/-/healthy"))
        (OUT / "seen.json").write_text(json.dumps(play()))
    finally:
        for process in agent, am:
            process.terminate()
            process.wait(60)


main()
