"""The dashboards: what their source gives, and the rules of Grafana's dashboard-linter."""
import importlib.util
import json
import pathlib
import re

import pytest

pytest.importorskip("yaml")
TOP = pathlib.Path(__file__).resolve().parents[2]
DASHBOARDS = TOP / "dashboards"
NAMES = ["overview", "provider", "tenants", "fleet", "agent"]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\{([^}]*)\}")
ON_JOB = 'job=~"$job"'
ON_INSTANCE = 'instance=~"$instance"'


def load(name):
    return json.loads((DASHBOARDS / f"{name}.json").read_text())


def panels(name):
    return load(name)["panels"]


def expressions(name):
    return [(p["title"], t["expr"], p["type"]) for p in panels(name)
            for t in p["targets"]]


def known():
    """Every metric that exists: the table, the HTTP side's, recorded ones."""
    header = (TOP / "agent" / "metric.h").read_text()
    rows = re.findall(r'X\(\w+, "(\w+)",\s*\\?\s*(\w+)', header)
    assert len(rows) > 30
    names = {"up"}
    for name, kind in rows:
        names |= {f"smtpulse_{name}{end}" for end in
                  (("_bucket", "_sum", "_count") if kind == "HISTOGRAM"
                   else ("",))}
    for file in ("scrape.c", "process.c"):
        for name in re.findall(r'"(\w+)",\s*EXPOSE_|gauge\(e, "(\w+)"',
                               (TOP / "agent" / file).read_text()):
            name = "".join(name)
            names.add(name if name.startswith("process_")
                      else f"smtpulse_{name}")
    names |= set(re.findall(r"record: (\S+)",
                            (DASHBOARDS / "rules.yml").read_text()))
    return names


def used(text):
    """The names of ours in an expression."""
    bare = re.sub(r'"[^"]*"', '""', text)
    return set(re.findall(r"[\w:]*smtpulse_\w[\w:]*|process_\w+", bare))


def test_json_is_what_the_source_gives():
    spec = importlib.util.spec_from_file_location("boards",
                                                  DASHBOARDS / "boards.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.boards()
    assert sorted(made) == sorted(p.name for p in DASHBOARDS.glob("*.json"))
    for name, text in made.items():
        assert (DASHBOARDS / name).read_text() == text, \
            "run dashboards/boards.py"
    assert [f"{n}.json" for n in NAMES] == list(made)


def test_every_metric_exists():
    have = known()
    for name in NAMES:
        text = [e for _, e, _ in expressions(name)] + [
            v["definition"] for v in load(name)["templating"]["list"][1:]] + [
            a["expr"] for a in load(name)["annotations"]["list"]]
        for expr in text:
            assert used(expr) <= have, (name, expr, used(expr) - have)
    rules = (DASHBOARDS / "rules.yml").read_text()
    expr = re.sub(r"^#.*|^ *#.*|^- name:.*|^ *dashboard:.*", "", rules,
                  flags=re.M)
    assert used(expr) <= have, used(expr) - have


@pytest.mark.parametrize("name", NAMES)
def test_frame(name):
    board = load(name)
    assert board["uid"] == f"smtpulse-{name}" and board["id"] is None
    assert 39 <= board["schemaVersion"] <= 41
    assert "__inputs" not in board and "${DS_" not in json.dumps(board)
    source, *variables = board["templating"]["list"]
    assert (source["name"], source["type"], source["query"],
            source["label"]) == ("datasource", "datasource", "prometheus",
                                 "Data source")
    assert [v["name"] for v in variables][:2] == ["job", "instance"]
    for v in variables:
        assert v["datasource"] == SOURCE and v["multi"] and v["refresh"] == 2
        assert v["includeAll"] and v["allValue"] == ".+"
    names = {v["name"] for v in variables} | {"datasource", "__rate_interval"}
    for _, expr, _ in expressions(name):
        assert set(re.findall(r"\$\{?(\w+)", expr)) <= names, expr


@pytest.mark.parametrize("name", NAMES)
def test_panels(name):
    assert 5 <= len(panels(name)) <= 20
    titles = [p["title"] for p in panels(name)]
    assert len(set(titles)) == len(titles)
    for p in panels(name):
        assert p["title"] and p["description"].endswith("."), p["title"]
        assert p["datasource"] == SOURCE and p["targets"], p["title"]
        assert p["fieldConfig"]["defaults"]["unit"], p["title"]
        for t in p["targets"]:
            assert t["datasource"] == SOURCE and t["legendFormat"]


@pytest.mark.parametrize("name", NAMES)
def test_panels_do_not_overlap(name):
    taken = set()
    for p in panels(name):
        g = p["gridPos"]
        assert g["x"] + g["w"] <= 24
        cells = {(x, y) for x in range(g["x"], g["x"] + g["w"])
                 for y in range(g["y"], g["y"] + g["h"])}
        assert not cells & taken, p["title"]
        taken |= cells


@pytest.mark.parametrize("name", NAMES)
def test_queries(name):
    for title, expr, kind in expressions(name):
        for metric, matchers in SELECTOR.findall(expr):
            assert ON_JOB in matchers, (title, expr)
            fleet = metric.startswith(("provider:", "provider_code:"))
            assert fleet or ON_INSTANCE in matchers, (title, expr)
            if metric.endswith(("_total", "_bucket")):
                assert re.search(r"(rate|increase)\(" + re.escape(metric),
                                 expr), (title, expr)
        assert used(expr) <= {m for m, _ in SELECTOR.findall(expr)}, \
            (title, "a metric without matchers", expr)
        ranges = set(re.findall(r"\[([^\]]+)\]", expr))
        assert ranges <= {"1h" if kind == "table" else "$__rate_interval"}, \
            (title, ranges)


def test_links_lead_to_boards_of_ours():
    text = "".join((DASHBOARDS / f"{n}.json").read_text() for n in NAMES)
    assert set(re.findall(r"/d/smtpulse-(\w+)", text)) <= set(NAMES)
    rules = (DASHBOARDS / "rules.yml").read_text()
    assert set(re.findall(r"/d/smtpulse-(\w+)", rules)) <= set(NAMES)


def test_a_class_has_one_colour_everywhere():
    for name in NAMES:
        for p in panels(name):
            if p["type"] == "timeseries":
                fixed = {o["matcher"]["options"]: o["properties"][0]["value"]
                         for o in p["fieldConfig"]["overrides"]}
                for colour, label in (("green", "2xx"), ("orange", "4xx"),
                                      ("red", "5xx")):
                    assert [v["fixedColor"] for r, v in fixed.items()
                            if re.match(r[1:-1], label)] == [colour]
