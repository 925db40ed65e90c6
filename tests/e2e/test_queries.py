"""Every query of the dashboards and rules answers in a real Prometheus.

History: the demo's two hours, replayed up to each second minute, go into
blocks with their log time. Beside it Prometheus scrapes two live agents, for
what only a running one has.
"""
import json
import math
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from conftest import PROGRAM, Agent, wait_until

yaml = pytest.importorskip("yaml")
DASHBOARDS = pathlib.Path(__file__).resolve().parents[2] / "dashboards"
BOARDS = sorted(p.stem for p in DASHBOARDS.glob("*.json"))
STEP_S = 120
FREE = "127.0.0.1:0"
REJECT = ("{} mx1 postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <a@b.example>: "
          "Relay access denied; from=<x@y.example> to=<a@b.example> proto=ESMTP helo=<z>\n")


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def copy_of_demo_log(place):
    """The demo's history, without what came while it ran on."""
    demo = Agent(["demo", "--listen", FREE], place / "demo.err",
                 {"XDG_RUNTIME_DIR": str(place)})
    try:
        demo.wait_listening()
        log = next(place.glob("smtpulse-demo-*/mail.log")).read_text()
    finally:
        demo.stop()
    stamp = re.match(r"\S+", log[log.rindex("\n", 0, -1) + 1:])[0]
    return log + REJECT.format(stamp) + REJECT.format(stamp)


def seconds(stamp):
    return time.mktime(time.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S"))


def history(log, place):
    """OpenMetrics with times: the metrics as they were at each step."""
    lines = log.splitlines(keepends=True)
    times = [seconds(line) for line in lines]
    families, types = {}, {}
    offset = time.time() - times[-1]
    at, want = 0, times[0] + STEP_S
    while at < len(lines):
        while at < len(lines) and times[at] <= want:
            at += 1
        part = place / "part.log"
        part.write_text("".join(lines[:at]))
        text = subprocess.run(
            [PROGRAM, "replay", "--format", "metrics", part],
            capture_output=True, text=True, check=True).stdout
        stamp = min(want, times[-1]) + offset
        for line in text.splitlines():
            if line.startswith("# TYPE"):
                _, _, name, kind = line.split()
                types[name] = kind
            elif line and line[0] != "#":
                head, value = line.rsplit(" ", 1)
                name, brace, rest = head.partition("{")
                for host in ("mx1", "mx2"):
                    labels = f'{{job="smtpulse",instance="{host}"' + (
                        "," + rest if brace else "}")
                    families.setdefault(name, []).append(
                        f"{name}{labels} {value} {stamp:.3f}")
        want += STEP_S
    return openmetrics(families, types)


def openmetrics(families, types):
    out = []
    for name, kind in types.items():
        base = name.removesuffix("_total") if kind == "counter" else name
        members = [f"{name}_bucket", f"{name}_sum", f"{name}_count"] \
            if kind == "histogram" else [name]
        rows = [r for m in members for r in families.get(m, [])]
        if rows:
            out += [f"# TYPE {base} {kind}", *rows]
    return "\n".join(out) + "\n# EOF\n"


class Prometheus:
    def __init__(self, place, targets):
        self.place, self.data, self.process = place, place / "tsdb", None
        config = place / "prometheus.yml"
        config.write_text(
            "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
            f"rule_files: [ '{DASHBOARDS}/rules.yml' ]\n"
            "scrape_configs:\n- job_name: smtpulse\n  static_configs:\n"
            f"  - targets: {json.dumps(targets)}\n")

    def start(self):
        address = f"127.0.0.1:{port()}"
        self.url = f"http://{address}"
        with open(self.place / "prometheus.err", "a") as err:
            self.process = subprocess.Popen(
                [shutil.which("prometheus"),
                 f"--config.file={self.place}/prometheus.yml",
                 f"--storage.tsdb.path={self.data}",
                 "--storage.tsdb.retention.time=30d",
                 f"--web.listen-address={address}", "--log.level=warn"],
                stderr=err)
        wait_until(lambda: self.get("/-/ready", raw=True), 60, "Prometheus")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def get(self, path, raw=False, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query, doseq=True)
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as r:
                return r.read() if raw else json.load(r)["data"]
        except urllib.error.HTTPError as e:
            if raw:
                return None
            raise AssertionError(e.read().decode()) from None
        except urllib.error.URLError:
            return None

    def series(self, expr):
        """[(labels, values)] of a range query over the history."""
        now = time.time()
        answer = self.get("/api/v1/query_range", query=expr, end=now,
                          start=now - 7200, step=60)
        return [(r["metric"], [float(v) for _, v in r["values"]])
                for r in answer["result"]]


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    place = tmp_path_factory.mktemp("dashboards")
    log = copy_of_demo_log(place)
    (place / "mail.log").write_text(log)
    (place / "agent.conf").write_text(
        f'listen = {{"{FREE}"}}\nstate = ""\n'
        f'source "mail" {{ path = "{place}/mail.log" }}\n'
        f'alertmanager "main" {{ url = "http://127.0.0.1:{port()}" }}\n')
    live = Agent(["run", "-c", str(place / "agent.conf")], place / "agent.err")
    p = None
    try:
        live.wait_listening()
        p = Prometheus(place, [live.url.removeprefix("http://")])
        (place / "history.om").write_text(history(log, place))
        fill(p, place)
        wait_until(lambda: live.metrics().sum(
            "smtpulse_notifications_total") > 0, 60, "a notification")
        wait_until(lambda: p.series(
            "rate(smtpulse_http_requests_total[1m]) > 0"), 60, "scrapes")
        yield p
    finally:
        if p and p.process:
            p.stop()
        live.stop()


def passes():
    """Recording rules in an order in which each finds those it builds on."""
    groups = yaml.safe_load((DASHBOARDS / "rules.yml").read_text())["groups"]
    left = [r for g in groups for r in g["rules"] if "record" in r]
    while left:
        names = [r["record"] for r in left]
        now = [r for r in left if not any(
            re.search(rf"(?<![\w:]){name}\b", r["expr"]) for name in names)]
        assert now, names
        yield now
        left = [r for r in left if r not in now]


def fill(p, place):
    """Blocks from the history, then rules over them: a pass for each level."""
    promtool = shutil.which("promtool")
    subprocess.run([promtool, "tsdb", "create-blocks-from", "openmetrics",
                    place / "history.om", p.data], check=True,
                   capture_output=True)
    p.start()
    now = int(time.time())
    for rules in passes():
        (place / "pass.yml").write_text(yaml.safe_dump(
            {"groups": [{"name": "pass", "rules": rules}]}))
        done = subprocess.run(
            [promtool, "tsdb", "create-blocks-from", "rules", "--url", p.url,
             "--start", str(now - 7000), "--end", str(now - 30),
             "--eval-interval", "60s", "--output-dir", p.data,
             place / "pass.yml"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        p.stop()
        p.start()


def resolved(expr):
    for name, value in (("$__rate_interval", "4m"), ("$job", ".+"),
                        ("$instance", ".+"), ("$provider", ".+"),
                        ("$tenant", ".+")):
        expr = expr.replace(name, value)
    assert "$" not in expr, expr
    return expr


def board(name):
    return json.loads((DASHBOARDS / f"{name}.json").read_text())


# A count that must not be there when all is well.
MAY_BE_EMPTY = {"overflow {{metric}}"}


@pytest.mark.parametrize("name", BOARDS)
def test_every_panel_has_data(prometheus, name):
    for panel in board(name)["panels"]:
        for target in panel["targets"]:
            found = prometheus.series(resolved(target["expr"]))
            where = (panel["title"], target["expr"])
            if target["legendFormat"] in MAY_BE_EMPTY:
                continue
            assert any(math.isfinite(v) for _, values in found
                       for v in values), where
            assert len(found) <= 400, where
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                assert any(label in labels for labels, _ in found), where
            for override in panel["fieldConfig"]["overrides"]:
                for link in override["properties"]:
                    if link["id"] == "links":
                        column = override["matcher"]["options"][2:-2]
                        column = column.strip("()")
                        assert any(column in labels for labels, _ in found), \
                            where


@pytest.mark.parametrize("name", BOARDS)
def test_variables_and_annotations(prometheus, name):
    for variable in board(name)["templating"]["list"][1:]:
        m = re.match(r"label_values\((.*), (\w+)\)$", variable["definition"])
        values = prometheus.get(f"/api/v1/label/{m[2]}/values",
                                **{"match[]": resolved(m[1])})
        assert values, variable["definition"]
    for note in board(name)["annotations"]["list"]:
        found = prometheus.series(resolved(note["expr"]))
        if note["name"] == "Spikes":
            assert any(labels["provider"] == "google" for labels, _ in found)


def test_no_query_fails_without_data(prometheus):
    rules = yaml.safe_load((DASHBOARDS / "rules.yml").read_text())
    for rule in [r for g in rules["groups"] for r in g["rules"]]:
        prometheus.series(rule["expr"])
        if "record" in rule and "hold" not in rule["record"]:
            assert prometheus.series(rule["record"]), rule["record"]


def test_prometheus_is_content_with_the_rules(prometheus):
    rules = wait_until(lambda: [
        r for g in prometheus.get("/api/v1/rules")["groups"]
        for r in g["rules"] if r["health"] != "unknown"])
    assert [r["name"] for r in rules if r["health"] != "ok"] == []
