"""An agent that has nothing to do takes little memory of its own."""
import pathlib

MIB = 1024      # in KiB


def of_status(a, name):
    """A number of /proc/PID/status."""
    lines = pathlib.Path(f"/proc/{a.pid}/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return int(found[name].split()[0])


def test_idle(agent, tmp_path):
    (tmp_path / "mail.log").touch()
    a = agent(f'source "mail" {{ path = "{tmp_path}/mail.log" }}\n')
    a.wait_until(lambda: a.get("/-/ready")[0] == 200, what="it is ready")
    assert of_status(a, "RssAnon") <= 6 * MIB
