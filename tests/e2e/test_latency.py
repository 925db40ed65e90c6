"""What a scrape says while the log grows: figures of make bench, in short."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bench"))
import latency  # noqa: E402


def test_served_while_written(agent, gen_postfix, tmp_path):
    data, truth = gen_postfix("--messages", 20000, "--seed", 8)
    log, text = tmp_path / "mail.log", tmp_path / "mail.txt"
    log.touch()
    text.write_bytes(data)
    a = agent(f'source "mail" {{ path = "{log}" mta = postfix }}')
    steps, scrapes = latency.follow(a.url, str(log), str(text), 100000, 120)
    print(latency.sentence(steps, scrapes))
    counts = [count for _, _, count in scrapes]
    assert counts == sorted(counts)
    assert counts[-1] == truth["lines"]
    for at, _, count in scrapes:
        # the step that is being written has no time yet
        begun = sum(1 for end, _ in steps if end <= at)
        assert count <= steps[min(begun, len(steps) - 1)][1]
    assert len(latency.delays(steps, scrapes)) == len(steps)
