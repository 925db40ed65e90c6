"""Pushed alerts, at real Alertmanagers and at receivers that misbehave."""
import base64
import datetime
import http.server
import json
import shutil
import socket
import subprocess
import threading
import time

import pytest

from conftest import wait_until

ALERTMANAGER = shutil.which("prometheus-alertmanager")
AMTOOL = shutil.which("amtool")
GOOGLE = "gmail-smtp-in.l.google.com[142.250.1.26]:25"
SLOW = "421 4.7.28 Our system has detected an unusual rate of mail"
CLEAR_MIN = 5       # a rule's alert ends when it did not hold for so long


class Sink(http.server.ThreadingHTTPServer):
    """Records what is posted; answer(handler) may answer in its own way."""
    daemon_threads = True

    def __init__(self, answer=None):
        self.got, self.answer = [], answer
        self.release = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.server_address[1]

    def bodies(self, status=None):
        return [b for _, b in list(self.got)
                if status is None or b["status"] == status]

    def close(self):
        self.release.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers, json.loads(body)))
        if self.server.answer:
            self.server.answer(self)
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def sink():
    made = []

    def make(answer=None):
        made.append(Sink(answer))
        return made[-1]

    yield make
    for s in made:
        s.close()


class Alertmanager:
    def __init__(self, home, receiver):
        self.home, self.process = home, None
        home.mkdir()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        (home / "am.yml").write_text(json.dumps({
            "route": {"receiver": "r", "group_wait": "0s",
                      "group_interval": "1s", "group_by": ["alertname"]},
            "receivers": [{"name": "r", "webhook_configs": [
                {"url": receiver, "send_resolved": True}]}]}))

    def start(self):
        with open(self.home / "err", "a") as err:
            self.process = subprocess.Popen(
                [ALERTMANAGER, "--config.file", str(self.home / "am.yml"),
                 "--storage.path", str(self.home / "data"),
                 "--web.listen-address", "127.0.0.1:%d" % self.port,
                 "--cluster.listen-address", ""], stderr=err, stdout=err)
        wait_until(lambda: self.query() is not None, what="an Alertmanager")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def query(self):
        """What amtool shows as active; None: it does not answer."""
        done = subprocess.run(
            [AMTOOL, "--alertmanager.url", self.url, "alert", "query", "-o",
             "json"], capture_output=True, text=True, timeout=20)
        return json.loads(done.stdout) if done.returncode == 0 else None


@pytest.fixture
def alertmanager(tmp_path):
    made = []

    def make(receiver):
        made.append(Alertmanager(tmp_path / ("am%d" % len(made)), receiver))
        return made[-1]

    if ALERTMANAGER is None or AMTOOL is None:
        pytest.skip("no Alertmanager here")
    yield make
    for m in made:
        m.stop()


class Log:
    """A log of mail to one provider, in minutes of real time."""

    def __init__(self, path):
        self.path, self.n = path, 0
        path.touch()

    def lines(self, minute, count, text=None, sender="info@shop.example",
              to="ann@gmail.com", login=None):
        with open(self.path, "a", encoding="utf-8") as out:
            for i in range(count):
                self.n += 1
                when = datetime.datetime.fromtimestamp(
                    60 * minute + i * 50 / count, datetime.timezone.utc)
                stamp = when.strftime("%Y-%m-%dT%H:%M:%S+00:00 mx1 postfix/")
                qid = "%010X" % self.n
                if login:
                    out.write(stamp + "smtpd[7]: %s: client=a[192.0.2.9], "
                              "sasl_method=PLAIN, sasl_username=%s\n" %
                              (qid, login))
                out.write(stamp + "qmgr[8]: %s: from=<%s>, size=900, nrcpt=1 "
                          "(queue active)\n" % (qid, sender))
                out.write(stamp + "smtp[9]: %s: to=<%s>, relay=%s, delay=1, "
                          "delays=0/0/0/1, dsn=%s (%s)\n" % (
                              qid, to, GOOGLE,
                              "4.7.28, status=deferred" if text else
                              "2.0.0, status=sent",
                              "host %s said: %s (in reply to MAIL FROM "
                              "command)" % (GOOGLE[:-3], text) if text else
                              "250 2.0.0 OK"))

    def throttle(self, until, text=SLOW, **mail):
        """Some minutes of it, the last one is until."""
        for minute in range(until - 4, until + 1):
            self.lines(minute, 20, text, **mail)


def now_min():
    return int(time.time()) // 60


def receivers(**urls):
    return "".join('%s { url = "%s" }\n' % (
        'alertmanager "%s"' % name if name[:2] == "am" else
        'webhook "%s"' % name, url) for name, url in urls.items())


def shape(value):
    """Its keys, all the way down, with the kinds of values; but for what is in
    labels and annotations."""
    if isinstance(value, dict):
        return {k: "pairs" if k.lower().endswith(("labels", "annotations"))
                else shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_two_alertmanagers_and_a_webhook(agent, alertmanager, sink, tmp_path):
    from_am, hook = sink(), sink()
    one, two = alertmanager(from_am.url), alertmanager(from_am.url)
    one.start()
    log = Log(tmp_path / "mail.log")
    # the alert is to end at a full minute that is near, but not too near
    end = (int(time.time()) + 12) // 60 + 1
    log.throttle(end - CLEAR_MIN - 1)
    a = agent('rule "421" { window = 1m for = 1m }\n'
              'spike { sensitivity = off }\n'
              'source "mail" { path = "%s" mta = postfix }\n' % log.path +
              receivers(am1=one.url, am2=two.url, hook=hook.url))
    firing = a.wait_until(one.query, what="the alert at the first")
    assert len(firing) == 1
    labels = firing[0]["labels"]
    assert (labels["alertname"], labels["provider"], labels["code"]) == (
        "Smtpulse421Spike", "google", "421"), labels
    assert "Send more slowly" in firing[0]["annotations"]["description"]
    assert "smtp-google_destination_rate_delay" in \
        firing[0]["annotations"]["remedy"]
    a.wait_until(lambda: a.metrics().sum("smtpulse_notifications_total",
                 receiver="am2", outcome="failed"), what="a failure")
    two.start()
    again = a.wait_until(two.query, what="the alert at the second")
    assert again[0]["startsAt"] == firing[0]["startsAt"]
    assert again[0]["labels"] == labels

    wait_until(lambda: time.time() >= 60 * end + 1, 80, "the end")
    log.lines(end, 10)
    for m in one, two:
        a.wait_until(lambda m=m: m.query() == [], what="no alert any more")
    theirs = wait_until(lambda: from_am.bodies("resolved"),
                        what="resolved by Alertmanager")[0]
    ours = wait_until(lambda: hook.bodies("resolved"),
                      what="resolved by the agent")[0]
    for payload in theirs, ours:
        assert payload["alerts"][0]["startsAt"][:19] == \
            firing[0]["startsAt"][:19]
        assert payload["alerts"][0]["endsAt"][:4] != "0001"
    assert shape(ours) == shape(theirs)
    assert shape(hook.bodies("firing")[0]) == \
        shape(from_am.bodies("firing")[0])
    assert len(hook.got) == 2


def test_a_restarted_alertmanager_hears_it_again(agent, alertmanager, sink,
                                                 tmp_path):
    from_am = sink()
    both = alertmanager(from_am.url), alertmanager(from_am.url)
    for m in both:
        m.start()
    log = Log(tmp_path / "mail.log")
    log.throttle(now_min() - 2)
    a = agent('rule "421" { clear = 1h }\n'
              'spike { sensitivity = off }\n'
              'source "mail" { path = "%s" mta = postfix }\n' % log.path +
              receivers(am1=both[0].url, am2=both[1].url))
    for m in both:
        a.wait_until(m.query, what="the alert at both")
    both[1].stop()
    both[1].start()     # it keeps no alerts: the agent has to say it again

    def sent():
        return a.metrics().sum("smtpulse_notifications_total",
                               receiver="am2", outcome="sent")

    def known(m):
        return [{k: alert[k] for k in ("fingerprint", "labels", "annotations",
                                       "startsAt")} for alert in m.query()]
    before = sent()
    a.wait_until(lambda: sent() > before, timeout=240, what="a resend")
    a.wait_until(lambda: known(both[0]) == known(both[1]) != [],
                 timeout=240, what="the same alert at both")
    assert len(known(both[0])) == 1


def test_secrets_come_from_files(agent, sink, tmp_path):
    bearer, basic = sink(), sink()
    (tmp_path / "token").write_text("t0ken\n")
    (tmp_path / "password").write_text("pässword\n")
    log = Log(tmp_path / "mail.log")
    log.throttle(now_min() - 2)
    a = agent('source "mail" { path = "%s" mta = postfix }\n' % log.path +
              'webhook "a" { url = "%s" token_file = "%s/token" }\n'
              'webhook "b" { url = "%s" user = "ann" '
              'password_file = "%s/password" }\n' % (
                  bearer.url, tmp_path, basic.url, tmp_path))
    wait_until(lambda: bearer.got and basic.got, what="both posts")
    assert bearer.got[0][0]["Authorization"] == "Bearer t0ken"
    assert basic.got[0][0]["Authorization"] == "Basic " + \
        base64.b64encode("ann:pässword".encode()).decode()
    assert "t0ken" not in a.stderr and "pässword" not in a.stderr


def never(handler):
    handler.server.release.wait(30)


def huge(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass
    handler.close_connection = True


def test_bad_receivers_do_not_delay_the_log(agent, sink, tmp_path):
    target, slow, big = sink(), sink(never), sink(huge)

    def elsewhere(handler):
        handler.send_response(307)
        handler.send_header("Location", target.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    redirect = sink(elsewhere)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        down = "http://127.0.0.1:%d" % s.getsockname()[1]
    log = Log(tmp_path / "mail.log")
    log.throttle(now_min() - 2)
    a = agent('source "mail" { path = "%s" mta = postfix }\n' % log.path +
              receivers(slow=slow.url, big=big.url, redirect=redirect.url,
                        down=down))
    wait_until(lambda: slow.got and big.got and redirect.got, what="posts")
    log.lines(now_min(), 5000)
    a.wait_until(lambda: a.metrics().sum("smtpulse_attempts_total") == 5100,
                 timeout=5, what="all lines")
    sent = a.wait_until(
        lambda: (lambda t: "redirect" in t and "down" in t and "big" in t and
                 t)(a.metrics().table("smtpulse_notifications_total",
                                      "receiver", "outcome")),
        what="outcomes")
    assert set(sent["redirect"]) == {"rejected"}
    assert set(sent["down"]) == {"failed"}
    assert set(sent["big"]) == {"sent"}
    assert "slow" not in sent
    assert target.got == []
    assert a.stop() == 0


def test_no_addresses_in_alert_page_or_metric(agent, sink, tmp_path):
    hook = sink()
    log = Log(tmp_path / "mail.log")
    log.throttle(
        now_min() - 2, to="canary.ann@gmail.com", login="canarylogin@shop.example",
        sender="bounce-77-canary.ann=gmail.com@shop.example",
        text="421 4.7.28 too much for <canary.ann@gmail.com> (canary.ann) from "
             "bounce-77-canary.ann=gmail.com@shop.example by canarylogin, also "
             "canary.ann%40gmail.com and Canary.Ann [at] gmail.com")
    a = agent('source "mail" { path = "%s" mta = postfix }\n' % log.path +
              receivers(hook=hook.url))
    wait_until(lambda: hook.got, what="the alert")
    seen = {"webhook": json.dumps(hook.bodies())}
    for path in "/alerts", "/api/v1/status", "/api/v2/alerts", "/", "/metrics":
        status, _, body = a.get(path)
        assert status == 200, path
        seen[path] = body.decode()
    assert "too much for" in seen["/alerts"]
    for where, text in seen.items():
        at = text.lower().find("canary")
        assert at == -1, (where, text[at - 80:at + 80])
