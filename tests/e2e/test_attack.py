"""All attacks at once, in short; tests/soak/attack.py does it for hours."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "soak"))
import attack as mix  # noqa: E402


def test_everything_at_once(agent, tmp_path):
    log = tmp_path / "mail.log"
    log.touch()
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    host, port = a.url.removeprefix("http://").split(":")
    attack = mix.Attack((host, int(port)), log, 8, connections=500).start()
    samples, metrics = mix.watch(attack, a.url, a.pid)
    attack.join()
    print(len(samples), "scrapes,", mix.counted(metrics), "lines,",
          sum(attack.attempts.values()), "honest attempts")
    assert sum(attack.attempts.values()) > 0
    assert attack.differences(metrics) == []
    assert max(len(found) for found in metrics.values()) <= 2001
    assert mix.rss_kb(a.pid, "VmHWM") <= mix.RSS_KB
