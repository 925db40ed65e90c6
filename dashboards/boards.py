#!/usr/bin/python3
"""Write the Grafana dashboards (Classic JSON) from boards.yml: boards.py [DIRECTORY]."""
import json
import pathlib
import re
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLOURS = {
    "green": "2xx|delivered",
    "orange": "4xx.*|deferred",
    "red": "5xx.*|bounced|expired",
}
SHORT = [("@p", '@,provider=~"$provider"'),
         ("@j", 'job=~"$job"'),
         ("@", 'job=~"$job",instance=~"$instance"'),
         ("~)", "[$__rate_interval])")]


def query(text):
    for short, long in SHORT:
        text = text.replace(short, long)
    return text


def variable(name, metric):
    """A choice among the values of a label, all by default."""
    narrower = {"job": "", "instance": '{job=~"$job"}'}.get(
        name, '{job=~"$job",instance=~"$instance"}')
    definition = f"label_values({metric}{narrower}, {name})"
    return {
        "name": name, "label": name.capitalize(), "type": "query",
        "datasource": SOURCE, "definition": definition,
        "query": {"query": definition, "refId": name},
        "includeAll": True, "multi": True, "allValue": ".+", "refresh": 2,
        "sort": 1, "hide": 0, "regex": "", "options": [],
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
    }


def variables(board):
    wanted = {"job": "smtpulse_build_info", "instance": "smtpulse_build_info",
              "provider": "smtpulse_attempts_total",
              **board.get("variables", {})}
    used = json.dumps(board)
    return [{
        "name": "datasource", "label": "Data source", "type": "datasource",
        "query": "prometheus", "hide": 0, "includeAll": False, "multi": False,
        "options": [], "refresh": 1, "regex": "",
        "current": {"selected": False, "text": "", "value": ""},
    }] + [variable(name, metric) for name, metric in wanted.items()
          if name != "provider" or "@p" in used or "$provider" in used]


def annotation(name, colour, expr, title):
    return {"name": name, "datasource": SOURCE, "enable": True, "hide": False,
            "iconColor": colour, "expr": query(expr), "step": "60s",
            "titleFormat": title, "useValueForTime": False}


ANNOTATIONS = {"list": [
    annotation("Spikes", "red", "smtpulse_spike_active{@} == 1",
               "{{provider}} {{class}} {{code}} {{enhanced}} {{reason}}"),
    annotation("Alerts", "orange",
               'ALERTS{alertname=~"Smtpulse.+",alertstate="firing"}',
               "{{alertname}} {{provider}} {{instance}}"),
]}


def target(number, expr, legend, **more):
    return {"refId": chr(ord("A") + number), "datasource": SOURCE,
            "expr": query(expr), "legendFormat": legend, **more}


def by_name(pattern, *properties):
    return {"matcher": {"id": "byRegexp", "options": f"/^({pattern})$/"},
            "properties": [{"id": i, "value": v} for i, v in properties]}


def colours():
    return [by_name(names, ("color", {"mode": "fixed", "fixedColor": colour}))
            for colour, names in COLOURS.items()]


def steps(rows):
    return {"mode": "absolute",
            "steps": [{"value": v, "color": c} for v, c in rows]}


def stat(panel):
    fields = {"color": {"mode": "thresholds"},
              "thresholds": steps(panel.get("steps", [[None, "blue"]]))}
    return "stat", fields, [], {
        "colorMode": "background", "graphMode": "area", "textMode": "auto",
        "justifyMode": "auto", "orientation": "auto", "wideLayout": True,
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "",
                          "values": False}}


def series(stacked):
    def make(panel):
        custom = {"drawStyle": "line", "lineWidth": 1, "showPoints": "never",
                  "fillOpacity": 60 if stacked else 0, "spanNulls": False,
                  "stacking": {"mode": "normal" if stacked else "none",
                               "group": "A"}}
        fields = {"color": {"mode": "palette-classic"}, "custom": custom,
                  "min": 0}
        if "mark" in panel:
            custom["thresholdsStyle"] = {"mode": "line"}
            fields["thresholds"] = steps([[None, "green"],
                                          [panel["mark"], "red"]])
        return "timeseries", fields, colours(), {
            "legend": {"displayMode": "table", "placement": "right",
                       "showLegend": True, "calcs": ["lastNotNull", "max"]},
            "tooltip": {"mode": "multi", "sort": "desc"}}
    return make


def heatmap(panel):
    return "heatmap", {}, [], {
        "calculate": False, "cellGap": 1, "showValue": "never",
        "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64,
                  "exponent": 0.5, "fill": "dark-orange", "reverse": False},
        "yAxis": {"axisPlacement": "left", "unit": panel["unit"]},
        "rowsFrame": {"layout": "auto"}, "legend": {"show": True},
        "exemplars": {"color": "red"}, "tooltip": {"mode": "single",
                                                   "yHistogram": False}}


def table(panel):
    overrides = [by_name(re.escape(name), ("unit", unit))
                 for name, (_, unit) in panel["columns"].items()]
    overrides += [by_name(re.escape(name), ("min", 0), ("max", 1),
                          ("custom.cellOptions", {"type": "gauge",
                                                  "mode": "basic"}))
                  for name, (_, unit) in panel["columns"].items()
                  if unit == "percentunit"]
    if "link" in panel:
        label, board = panel["link"]
        overrides.append(by_name(label, ("links", [{
            "title": f"Open this {label}",
            "url": f"/d/smtpulse-{board}?${{datasource:queryparam}}"
                   "&${job:queryparam}"
                   f"&var-{label}=${{__value.raw}}&${{__url_time_range}}"}])))
    return "table", {"custom": {"align": "auto", "filterable": True}}, \
        overrides, {"showHeader": True, "cellHeight": "sm"}


KINDS = {"stat": stat, "lines": series(False), "stack": series(True),
         "heatmap": heatmap, "table": table}


def targets(panel):
    if panel["kind"] == "table":
        return [target(i, expr, name, format="table", instant=True,
                       range=False)
                for i, (name, (expr, _)) in enumerate(panel["columns"].items())]
    asked = panel["ask"]
    rows = [[asked, panel["title"]]] if isinstance(asked, str) else asked
    more = {"format": "heatmap"} if panel["kind"] == "heatmap" else {}
    return [target(i, expr, legend, range=True, **more)
            for i, (expr, legend) in enumerate(rows)]


def transformations(panel):
    if panel["kind"] != "table":
        return []
    names = list(panel["columns"])
    values = {f"Value #{chr(ord('A') + i)}": n for i, n in enumerate(names)}
    if len(names) == 1:
        values["Value"] = names[0]
    return [{"id": "merge", "options": {}},
            {"id": "organize", "options": {
                "excludeByName": {"Time": True},
                "indexByName": {}, "renameByName": values}},
            {"id": "sortBy", "options": {
                "sort": [{"field": names[0], "desc": True}]}}]


def panel_json(number, panel, place):
    kind, fields, overrides, options = KINDS[panel["kind"]](panel)
    out = {"id": number, "type": kind, "title": panel["title"],
           "description": panel["about"], "datasource": SOURCE,
           "gridPos": place, "targets": targets(panel), "options": options,
           "fieldConfig": {
               "defaults": {"unit": panel.get("unit", "short"),
                            "noValue": panel.get("empty", "no data"),
                            **fields},
               "overrides": overrides}}
    if panel["kind"] == "table":
        out["transformations"] = transformations(panel)
    return out


def placed(panels):
    """Panels with their places: left to right, then the next row."""
    x = y = height = 0
    for number, panel in enumerate(panels, 1):
        w, h = map(int, panel["size"].split("x"))
        if x + w > 24:
            x, y, height = 0, y + height, 0
        yield panel_json(number, panel, {"x": x, "y": y, "w": w, "h": h})
        x, height = x + w, max(height, h)


def board_json(name, board):
    return {
        "id": None, "uid": f"smtpulse-{name}", "title": board["title"],
        "description": board["about"], "tags": ["smtpulse", "mail"],
        "schemaVersion": 39, "version": 1, "editable": True,
        "graphTooltip": 1, "timezone": "browser", "weekStart": "",
        "fiscalYearStartMonth": 0, "liveNow": False, "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"}, "timepicker": {},
        "annotations": ANNOTATIONS,
        "templating": {"list": variables(board)},
        "links": [{"type": "dashboards", "title": "smtpulse",
                   "tags": ["smtpulse"], "asDropdown": True, "icon": "",
                   "includeVars": True, "keepTime": True,
                   "targetBlank": False, "tooltip": "", "url": ""}],
        "panels": list(placed(board["panels"])),
    }


def boards():
    """{file name: text} of every dashboard."""
    source = yaml.safe_load((HERE / "boards.yml").read_text())
    return {f"{name}.json": json.dumps(board_json(name, board), indent=1,
                                       sort_keys=True) + "\n"
            for name, board in source.items()}


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE)
    for file, text in boards().items():
        (place / file).write_text(text)
