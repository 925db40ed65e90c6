"""Real MTAs, tailed live inside their namespaces, against the servers' record."""
import re

import pytest

import labrun

# name, MTA, log inside, options, precision and recall wanted of permanent replies and 250
RUNS = [
    ("postfix", "postfix", "/var/log/mail.traditional.log", ["--seed", "71"], 0.995, 0.995),
    ("postfix-rfc3339", "postfix", "/var/log/mail.rfc3339.log",
     ["--seed", "72", "--variant", "long"], 0.995, 0.995),
    ("exim", "exim", "/var/log/exim4/mainlog", ["--seed", "73"], 0.99, 0.99),
    # Sendmail writes no code for some replies; see the README's limits
    ("sendmail", "sendmail", "/var/log/mail.traditional.log", ["--seed", "74"], 0.98, 0.80),
]
SHORT = ["--count", "40", "--limit", "45"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    why = labrun.refused()
    if why:
        pytest.skip(why)
    labrun.setup("postfix", "exim", "sendmail")
    going = []
    for name, mta, log, options, *_ in RUNS:
        out = tmp_path_factory.mktemp(name)
        going.append((name, labrun.Run(out, log), labrun.start(out, mta, log, *SHORT, *options)))
    done = {}
    for name, run, process in going:
        assert process.wait(timeout=300) == 0, run.read("lab.err")
        done[name] = run
    return done


@pytest.mark.parametrize("name,mta,log,options,precision,recall", RUNS, ids=[r[0] for r in RUNS])
def test_replies_equal_the_servers_record(runs, name, mta, log, options, precision, recall):
    run = runs[name]
    want = labrun.per_code(run.truth(), labrun.permanent)
    got = labrun.per_event(run.events(), labrun.permanent)
    assert sum(want.values()) > 30
    p, r = labrun.score(got, want)
    print(f"{name}: {sum(want.values())} replies, precision {p:.4f}, recall {r:.4f}")
    assert p >= precision, (got - want).most_common(5)
    assert r >= recall, (want - got).most_common(5)


def counters(text):
    """Counters that depend on the lines alone."""
    wanted = re.compile(r"smtpulse_(attempts|replies|enhanced_replies|host_replies|failures|recipients|"
                        r"first_attempts|retry_outcomes|rejects)_total\{(.*)\} (\d+)$")
    return {m[1] + m[2]: int(m[3]) for m in map(wanted.match, text.splitlines()) if m}


@pytest.mark.parametrize("name", [r[0] for r in RUNS])
def test_live_equals_replay(runs, name):
    run = runs[name]
    # Exim's hops are held for a minute: the next line may be the same reply
    kept = {k: v for k, v in counters(run.read("metrics.txt")).items()
            if name != "exim" or not k.startswith("host_replies")}
    assert sum(kept.values()) > 100
    again = counters(labrun.replay(run.log, "--format", "metrics", "--tz", "UTC"))
    assert kept == {k: v for k, v in again.items() if k in kept or not k.startswith("host_replies")}
    assert run.read("agent.rc").strip() == "0", run.read("agent.err")


@pytest.mark.parametrize("name", [r[0] for r in RUNS])
def test_every_line_has_its_account(runs, name):
    import json
    rows = [json.loads(l) for l in labrun.replay(runs[name].log, "--format", "accounting").splitlines()]
    first, unknown = rows[0], rows[1:]
    assert first["lines"] == first["event"] + first["ignored"] + first["unknown"] + first["oversize"]
    assert first["unknown"] <= 0.002 * first["lines"], unknown[:5]


def test_sums_agree(runs):
    """attempts = replies = by enhanced code = by tenant = by egress; failures = not delivered."""
    for name, run in runs.items():
        sums = {}
        for line in run.read("metrics.txt").splitlines():
            m = re.match(r"smtpulse_(\w+?)(?:_total)?\{(.*)\} (\d+)$", line)
            if m:
                sums[m[1]] = sums.get(m[1], 0) + int(m[3])
                if m[1] == "attempts" and 'outcome="delivered"' not in m[2]:
                    sums["failed"] = sums.get("failed", 0) + int(m[3])
        for other in ("replies", "enhanced_replies", "egress_replies", "tenant_attempts"):
            assert sums[other] == sums["attempts"], (name, other)
        for other in ("failures", "failure_stages", "tenant_failures", "tenant_provider_failures"):
            assert sums[other] == sums["failed"], (name, other)
