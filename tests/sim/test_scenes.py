"""Kinds of trouble that the simulator does not have, as counts: each scene is
three calm days, then something, then a calm day. All numbers come from the
scene's name."""
import collections
import json
import math
import os
import pathlib
import random
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNTS = ROOT / os.environ.get("BUILD", "build") / "tests" / "spike_counts"
START = 1793577600      # a Monday
DAY = 1440
BEGIN = 3 * DAY + 12 * 60   # noon
THROTTLE = ("421", "4.7.28", "rate_limit")
UNKNOWN = ("550", "5.1.1", "user_unknown")
LISTED = ("550", "5.7.1", "blocklist")
GREY = ("450", "4.2.0", "greylist")
USUAL = {THROTTLE: .002, UNKNOWN: .012, GREY: .02, LISTED: .0005}


class Scene:
    """Rates of failure and traffic, by provider and minute."""
    length, days = 60, 5

    def __init__(self, name):
        self.random = random.Random(name)

    def traffic(self, provider, t):
        """Messages a minute, with a day and a night."""
        night = .1 + .9 * (.5 - .5 * math.cos(2 * math.pi * t / DAY)) ** 2
        return {"gmail": 20, "yahoo": 6, "small": 1}.get(provider) * night

    def rate(self, provider, key, t):
        usual = USUAL[key]
        if 0 <= t - BEGIN < self.length:
            return self.trouble(provider, key, t - BEGIN) or usual
        return usual

    def trouble(self, provider, key, t):
        return None

    providers = ["gmail", "yahoo", "small"]

    def counts(self):
        lines, r = [], self.random
        for t in range(self.days * DAY):
            for provider in self.providers:
                seen = collections.Counter()
                for _ in range(self.messages(provider, t)):
                    x = r.random()
                    for key in USUAL:
                        x -= self.rate(provider, key, t)
                        if x < 0:
                            seen[key] += 1
                            break
                    else:
                        seen["250", "2.0.0", "delivered"] += 1
                lines += ["%d\t%s\t%s\t%d\n" % (START + 60 * t, provider,
                                                "\t".join(key), n)
                          for key, n in seen.items()]
        return "".join(lines)

    def messages(self, provider, t):
        mean = self.traffic(provider, t)
        n, limit, p = 0, math.exp(-mean), self.random.random()
        while p > limit:
            n += 1
            p *= self.random.random()
        return n


class Calm(Scene):
    """Nothing at all."""


class SlowRamp(Scene):
    """Six hours from the usual to a third of the mail."""
    length = 420

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == THROTTLE:
            return .002 + min(1, t / 360) * .3


class OnAndOff(Scene):
    """Ten minutes on, ten off."""
    length = 120

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == THROTTLE and t % 20 < 10:
            return .7


class Partial(Scene):
    """Three of ten."""

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == THROTTLE:
            return .3


class TinyRefused(Scene):
    """A mail in ten minutes, all refused."""
    length = 360
    providers = ["small"]

    def traffic(self, provider, t):
        return .1

    def trouble(self, provider, key, t):
        if key == LISTED:
            return 1


class CodeChanges(Scene):
    """A throttle becomes a block after a quarter of an hour."""
    length = 45

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == (THROTTLE if t < 15 else LISTED):
            return .6


class TwoAtOnce(Scene):
    """One provider throttles, ten minutes later another one blocks."""

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == THROTTLE:
            return .5
        if provider == "yahoo" and key == LISTED and t >= 10:
            return .6


class AtNight(Scene):
    """A few mails a minute, and most of them throttled."""

    def traffic(self, provider, t):
        return super().traffic(provider, t + DAY // 2)

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == THROTTLE:
            return .8


class Newsletter(Scene):
    """Forty times the mail, as good as always."""

    def traffic(self, provider, t):
        return super().traffic(provider, t) * (
            40 if 0 <= t - BEGIN < 60 else 1)


class GapAndBacklog(Scene):
    """Three hours of nothing, and then all of it."""

    def traffic(self, provider, t):
        usual = super().traffic(provider, t)
        if 0 <= t - BEGIN < 180:
            return 0
        return usual * 10 if 180 <= t - BEGIN < 200 else usual


class Blips(Scene):
    """Two bad minutes, every three hours."""
    length = 24 * 60

    def trouble(self, provider, key, t):
        if provider == "gmail" and key == LISTED and t % 180 < 2:
            return .9


# scene: {(provider, class): known within so many minutes of its begin}
WANT = {
    Calm: {}, Newsletter: {}, GapAndBacklog: {}, Blips: {},
    SlowRamp: {("gmail", "4xx"): 60},
    OnAndOff: {("gmail", "4xx"): 10},
    Partial: {("gmail", "4xx"): 10},
    TinyRefused: {("small", "5xx"): 90},
    CodeChanges: {("gmail", "4xx"): 8, ("gmail", "5xx"): 23},
    TwoAtOnce: {("gmail", "4xx"): 8, ("yahoo", "5xx"): 20},
    AtNight: {("gmail", "4xx"): 15},
}


@pytest.mark.parametrize("kind", WANT, ids=lambda k: k.__name__)
def test_scene(kind):
    for seed in "abc":
        scene = kind(kind.__name__ + seed)
        done = subprocess.run([COUNTS, "--world", "w"], input=scene.counts(),
                              text=True, capture_output=True, check=True)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        begin = START + 60 * BEGIN
        early = [a for a in lines if START + 60 * DAY <= a["at"] < begin]
        assert early == [], seed
        fired, open_ids = {}, set()
        for a in lines:
            if a["at"] < begin:
                continue
            if a["state"] == "firing":
                name = a["provider"], a["class"]
                fired.setdefault(name, (a["at"] - begin) // 60)
                open_ids.add(a["id"])
            else:
                open_ids.discard(a["id"])
        ids = {a["id"] for a in lines if a["at"] >= begin}
        assert set(fired) == set(WANT[kind]), (seed, fired)
        for name, minutes in WANT[kind].items():
            assert fired[name] <= minutes, (seed, fired)
        # what comes and goes may be told by its class, too
        assert len(ids) <= len(WANT[kind]) + (kind is OnAndOff), (seed, lines)
        assert not open_ids, (seed, lines)
