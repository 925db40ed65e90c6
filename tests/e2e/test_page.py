"""The status page in a browser: three widths, both colour schemes, no script.

The pages are those of the unit test (quiet, an incident, several, the worst
there can be) and the one of a running demo.
"""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

from conftest import TOOLS, TOP, wait_until
from test_alertmanager import Log

WIDTHS = (360, 820, 1280)
PAGES = ("empty", "quiet", "incident", "many", "worst")

# Measures each page in a frame as wide as a window would be: what sticks out
# at the right, which sections lie on each other, which text is hard to read,
# what has no name for those who do not see it.
MEASURE = """<!doctype html><body style="margin:0"><script>
const cases = %s, all = {};
function light(c) {
  let v = c.match(/[\\d.]+/g).map(Number).slice(0, 3).map(x => {
    x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4});
  return .2126 * v[0] + .7152 * v[1] + .0722 * v[2];
}
function ground(e) {
  for (; e; e = e.parentElement) {
    let c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c;
  }
  return matchMedia('(prefers-color-scheme: dark)').matches ?
    'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
}
function measure(d) {
  let w = d.documentElement.clientWidth, out = {
    wide: d.documentElement.scrollWidth - w, sticks: [], overlaps: 0,
    dim: [], nameless: [], text: d.body.innerText.length,
    scripts: d.scripts.length};
  for (let e of d.body.querySelectorAll('*')) {
    let r = e.getBoundingClientRect();
    if (r.width > 1 && r.right > w + 1) out.sticks.push(e.tagName);
    let own = [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
    if (!own || r.width < 2 || e.tagName == 'title') continue;
    let a = light(d.defaultView.getComputedStyle(e).color),
        b = light(ground(e));
    let contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) out.dim.push(e.outerHTML.slice(0, 80));
  }
  for (let e of d.querySelectorAll('svg, input, a, button, table')) {
    let named = e.getAttribute('aria-hidden') || e.getAttribute('aria-label')
      || e.textContent.trim() || (e.labels && e.labels.length);
    if (!named) out.nameless.push(e.outerHTML.slice(0, 80));
  }
  let s = [...d.querySelectorAll('section')].map(
    e => e.getBoundingClientRect());
  for (let i = 0; i < s.length; i++) for (let j = 0; j < i; j++)
    if (s[i].left < s[j].right - 1 && s[j].left < s[i].right - 1 &&
        s[i].top < s[j].bottom - 1 && s[j].top < s[i].bottom - 1)
      out.overlaps++;
  return out;
}
async function run() {
  for (let c of cases) {
    let f = document.createElement('iframe');
    f.style = 'border:0;height:4000px;width:' + c.width + 'px';
    f.srcdoc = c.document;
    let loaded = new Promise(done => f.onload = done);
    document.body.append(f);
    await loaded;
    all[c.page + ' ' + c.width] = measure(f.contentDocument);
    f.remove();
  }
  document.body.innerHTML = '<pre id=out></pre>';
  document.getElementById('out').textContent = JSON.stringify(all);
}
run();
</script>"""


def chromium(home):
    program = shutil.which("chromium")
    assert program is not None, "chromium is not installed"
    return [program, "--headless=new", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update",
            f"--user-data-dir={home}", "--enable-logging=stderr",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    home = tmp_path_factory.mktemp("chromium")

    def run(url, *options, dark=False):
        return subprocess.run(
            [*chromium(home),
             f"--blink-settings=preferredColorScheme={0 if dark else 1}",
             "--window-size=1280,4000", *options, url],
            capture_output=True, text=True, errors="replace", timeout=90)
    return run


@pytest.fixture
def windows(tmp_path):
    """windows(url, ...) opens them in a browser without script; what comes
    back is a function that gives {url: title} of the moment."""
    home = tmp_path / "windows"
    home.mkdir()
    port = home / "DevToolsActivePort"

    def ask(path, method="GET"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port.read_text().split()[0]}{path}",
            method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def titles():
        return {page["url"]: page["title"] for page in ask("/json/list")}
    with open(home / "stderr", "wb") as err:
        process = subprocess.Popen(
            [*chromium(home), "--remote-debugging-port=0",
             "--blink-settings=scriptEnabled=false", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=err)

    def show(*urls):
        wait_until(lambda: port.exists() and "\n" in port.read_text(),
                   timeout=90, what="the browser's port")
        for url in urls:
            ask("/json/new?" + urllib.parse.quote(url, safe=""), "PUT")
        return titles
    yield show
    process.terminate()
    process.wait(60)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of the unit test, as files."""
    where = tmp_path_factory.mktemp("pages")
    subprocess.run([TOOLS / "test_page"], check=True, capture_output=True,
                   env={**os.environ, "PAGE_DIR": str(where), "TZ": "UTC"})
    return where


def measured(browser, documents, where, dark):
    """{"page width": what MEASURE found} in one run of the browser."""
    cases = [{"page": page, "width": width, "document": document}
             for page, document in documents.items() for width in WIDTHS]
    harness = where / f"measure-{dark}.html"
    harness.write_text(
        MEASURE % json.dumps(cases).replace("<", "\\u003c"))
    dump = browser(harness.as_uri(), "--dump-dom",
                   "--virtual-time-budget=60000", dark=dark).stdout
    found = re.search(r'<pre id="out">(.*?)</pre>', dump, re.S)
    assert found, dump[-2000:]
    return json.loads(html.unescape(found[1]))


@pytest.fixture(scope="module", params=[False, True], ids=["light", "dark"])
def layouts(request, browser, pages):
    documents = {page: (pages / f"{page}.html").read_text() for page in PAGES}
    return measured(browser, documents, pages, request.param)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_layout(layouts, page, width):
    found = layouts[f"{page} {width}"]
    assert found["wide"] <= 0 and found["sticks"] == [], found
    assert found["overlaps"] == 0, found
    assert found["dim"] == [], found
    assert found["nameless"] == [], found
    assert found["text"] > 200 and found["scripts"] == 0


def test_demo(agent, browser, pages, tmp_path):
    """As served: readable, under its policy, small, the incident on top."""
    a = agent(arguments=["demo", "--listen", "127.0.0.1:0"],
              env={"XDG_RUNTIME_DIR": str(tmp_path)})

    def page():
        document = a.get("/")[2].decode()
        return document if "Google defers" in document else None
    document = a.wait_until(page, what="the incident on the page")
    heading = re.search(r"<h1>.*?<span>(.*?)</span></h1>", document, re.S)[1]
    assert "421 4.7.28" in heading
    assert len(document.encode()) <= 100000
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", document)
    assert "@" not in re.sub(r"<style>.*?</style>", "", document, flags=re.S)

    seen = browser(a.url + "/", "--dump-dom")
    assert "Google defers" in seen.stdout
    console = [line for line in seen.stderr.splitlines()
               if "CONSOLE" in line]
    assert console == []
    for found in measured(browser, {"demo": document}, pages,
                          False).values():
        assert found["wide"] <= 0 and found["sticks"] == [], found
        assert found["dim"] == [] and found["overlaps"] == 0, found

    link = html.unescape(re.search(r'href="(/explain\?[^"]*code=421[^"]*)"',
                                   document)[1])
    status, _, body = a.get(link)
    assert status == 200 and b"421" in body

    status = json.loads(a.get("/api/v1/status")[2])
    assert status["providers"][0]["name"] == "google"
    assert status["providers"][0]["firing"]
    assert sum(status["providers"][0]["minutes"]["4xx"]) >= \
        status["providers"][0]["windows"]["5m"]["4xx"] > 20


def test_refreshes_itself(agent, windows, tmp_path):
    """New lines reach the eye without a hand, and without script; not where
    the page was asked to hold still."""
    log = Log(tmp_path / "mail.log")
    a = agent('source "mail" { path = "%s" mta = postfix tz = "UTC" }\n' %
              log.path)
    a.wait_until(lambda: b"All quiet" in a.get("/")[2], what="the page")
    looks, still = a.url + "/", a.url + "/?still=1"
    titles = windows(looks, still)
    a.wait_until(lambda: all(titles().get(url, "").startswith("All quiet")
                             for url in (looks, still)),
                 timeout=90, what="both windows")
    log.throttle(int(time.time()) // 60 - 1)
    a.wait_until(lambda: titles().get(looks, "").startswith("(1) Google"),
                 timeout=120, what="the incident in the window")
    assert titles()[still].startswith("All quiet")


def test_picture_of_the_readme(agent, browser, tmp_path):
    """The page as the demo shows it; 'make picture' keeps it."""
    kept = TOP / "dashboards" / "page.png"
    path = pathlib.Path(os.environ.get("PICTURE", tmp_path / "page.png"))
    a = agent(arguments=["demo", "--listen", "127.0.0.1:0"],
              env={"XDG_RUNTIME_DIR": str(tmp_path)})
    a.wait_until(lambda: b"Google defers" in a.get("/")[2],
                 what="the incident on the page")
    browser(a.url + "/", "--hide-scrollbars", "--window-size=1100,900",
            f"--screenshot={path}")
    picture = path.read_bytes()
    assert picture[:8] == kept.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    # width and height stand in the first chunk
    assert picture[16:24] == kept.read_bytes()[16:24]
    assert 20000 < kept.stat().st_size < 150000
