"""Three agents, each in a network namespace of its own, and one Prometheus: the fleet sees what no host can."""
import json
import os
import pathlib
import shutil
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

import labrun
from conftest import PROGRAM, wait_until

RULES = (pathlib.Path(__file__).resolve().parents[2] / "dashboards" /
         "rules.yml")
HOSTS = 3
HITS = 10	# of 20 attempts on each host: too few for any single one

# Pid 1 of the outer namespace; hosts are namespaces on a bridge of it. It
# ends with its standard input, and all it started with it.
OUTER = r"""
set -e
ip link set lo up
ip link add br0 type bridge
ip addr add 10.99.0.254/24 dev br0
ip link set br0 up
for i in 1 2 3; do
	unshare --net sh -c "exec sleep infinity" & host=$!
	while [ "$(readlink /proc/$host/ns/net)" = "$(readlink /proc/$$/ns/net)" ]
	do sleep 0.05; done
	ip link add v$i type veth peer name eth0 netns $host
	ip link set v$i master br0 up
	nsenter --net=/proc/$host/ns/net sh -c "ip link set lo up
	    ip addr add 10.99.0.$i/24 dev eth0; ip link set eth0 up"
	nsenter --net=/proc/$host/ns/net "$PROGRAM" run -c "$OUT/host$i.conf" \
	    2>"$OUT/host$i.err" &
done
prometheus --config.file="$OUT/prometheus.yml" --log.level=warn \
    --storage.tsdb.path="$OUT/tsdb" --web.listen-address=127.0.0.1:9090 \
    2>"$OUT/prometheus.err" &
echo up
while read -r url; do
	curl -sS --max-time 5 --get "$url" || true
	echo
done
"""


class Fleet:
    def __init__(self, out):
        self.process = subprocess.Popen(
            ["unshare", "--mount-proc", "--net", "--pid", "--fork",
             "--kill-child", "bash", "-c", OUTER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=open(out / "outer.err", "w"),
            env={**os.environ, "PROGRAM": PROGRAM, "OUT": str(out)})
        assert self.process.stdout.readline() == "up\n", \
            (out / "outer.err").read_text()

    def query(self, expr):
        """{(labels of the answer, sorted): value}"""
        self.process.stdin.write(
            "http://127.0.0.1:9090/api/v1/query?query=" +
            urllib.parse.quote(expr) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer.startswith("{"):
            return []
        return json.loads(answer)["data"]["result"]

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def delivery(stamp, number, refused):
    said = ("dsn=4.7.28, status=deferred (host gmail-smtp-in.l.google.com[127.20.1.1] said: 421 4.7.28 Slow down "
            "(in reply to RCPT TO command))" if refused else
            "dsn=2.0.0, status=sent (250 2.0.0 OK)")
    return (f"{stamp} mx postfix/smtp[1]: {number:08X}: to=<a@gmail.com>, "
            f"relay=gmail-smtp-in.l.google.com[127.20.1.1]:25, delay=0.2, "
            f"delays=0.1/0/0/0.1, {said}\n")


@pytest.fixture
def fleet(tmp_path):
    why = labrun.refused()
    if why is not None:
        pytest.skip(why)
    for i in range(1, HOSTS + 1):
        (tmp_path / f"host{i}.log").touch()
        (tmp_path / f"host{i}.conf").write_text(
            f'listen = {{"10.99.0.{i}:10421"}}\nstate = ""\n'
            "web { insecure = true }\n"
            f'source "mail" {{ path = "{tmp_path}/host{i}.log" '
            "mta = postfix }\n")
    targets = [f"10.99.0.{i}:10421" for i in range(1, HOSTS + 1)]
    (tmp_path / "targets.json").write_text(json.dumps([{"targets": targets}]))
    # The hold of five minutes after a start would make this test as long.
    rules = RULES.read_text().replace("process_start_time_seconds < 300",
                                      "process_start_time_seconds < 0")
    (tmp_path / "rules.yml").write_text(rules.replace("interval: 30s",
                                                      "interval: 1s"))
    (tmp_path / "prometheus.yml").write_text(
        "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
        f"rule_files: [ '{tmp_path}/rules.yml' ]\n"
        "scrape_configs:\n- job_name: smtpulse\n  file_sd_configs:\n"
        f"  - files: [ '{tmp_path}/targets.json' ]\n")
    f = Fleet(tmp_path)
    yield f
    f.stop()


def test_fleet_sees_what_no_host_can(fleet, tmp_path):
    assert shutil.which("prometheus")
    wait_until(lambda: len(fleet.query('up{job="smtpulse"} == 1')) == HOSTS,
               60, "three targets up")

    def write(numbers):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        for i in range(1, HOSTS + 1):
            with open(tmp_path / f"host{i}.log", "a") as log:
                log.writelines(delivery(stamp, n, n % 2) for n in numbers)

    write(range(2))
    wait_until(lambda: len(fleet.query(
        'smtpulse_replies_total{code="421",provider="google"} == 1'))
        == HOSTS, 60, "the first refusal of each host")
    write(range(2, 2 * HITS + 2))
    google = '{provider="google",code="421"}'
    got = wait_until(
        lambda: fleet.query(f"provider_code:smtpulse_replies:increase5m{google} >= 20"),
        60, "twenty refusals over all hosts")
    assert len(got) == 1 and "instance" not in got[0]["metric"]
    assert fleet.query(
        f"provider_code:smtpulse_hosts:count5m{google}")[0]["value"][1] == "3"
    one = fleet.query(f"instance_provider_code:smtpulse_replies:increase5m{google}")
    assert len(one) == HOSTS
    assert all(float(r["value"][1]) < 20 for r in one)
    raised = wait_until(lambda: {r["metric"]["alertname"] for r in fleet.query(
        'ALERTS{provider="google"}')}, 60, "a pending alert")
    assert "SmtpulseFleetSpike" in raised
    assert "Smtpulse421Spike" not in raised
