"""demo: an incident in the metrics at once, and nothing left behind."""
import pathlib


def test_incident_is_there_and_goes_on(agent, tmp_path):
    a = agent(arguments=["demo", "--listen", "127.0.0.1:0"],
              env={"XDG_RUNTIME_DIR": str(tmp_path)})
    log = next(tmp_path.glob("smtpulse-demo-*/mail.log"))

    def throttled():
        m = a.metrics()
        ratio = m.sum("smtpulse_window_failure_ratio", provider="google",
                      window="5m", **{"class": "4xx"})
        return 0.2 < ratio < 0.6 and m.sum(
            "smtpulse_enhanced_replies_total", provider="google",
            enhanced="4.7.28") > 40 and m
    m = a.wait_until(throttled, what="Gmail's 4.7.28 in the window of 5m")
    assert m.sum("smtpulse_attempts_total") > 10000
    assert m.sum("smtpulse_lines_total", result="unknown") == 0
    assert m.value("smtpulse_attempts_total", provider="university.example",
                   outcome="delivered") > 0
    size = log.stat().st_size
    before = m.sum("smtpulse_attempts_total")
    a.wait_until(lambda: log.stat().st_size > size and
                 a.metrics().sum("smtpulse_attempts_total") > before,
                 what="live mail")
    assert a.stop() == 0
    assert list(pathlib.Path(tmp_path).glob("smtpulse-demo-*")) == []
