#!/usr/bin/env python3
"""Reference of the spike detector, one series at a time, standard library only.  Reads sim.py's counts, writes alerts.

  sim.py counts --world w03 | pulse_ref.py --world w03 [--state FILE] [--stop-after MIN] > w03.jsonl
--state: load it if it exists, save it at the end.  --flat: no class level series.
"""
import argparse, json, math, os, pickle, sys

D = dict(q_prior=.02, a0=.5, half=720.0, half_low=14 * 1440.0, b_low=3000.0, hod_half_days=7.0, ratios=(3.0, 12.0, 60.0, 250.0), q1_cap=.95,
         budget=.2, series=500, bounds=((.30, .75, 4), (.40, .605, 3)), u=1.0, minutes=3, burst_part=5, burst_min=4, c2_prior=.09, c2_floor=.01, c2_weight=30.0, winsor=3.0, susp=.4,
         gate=1.8, gate_sd=4.0, s2_prior=.03, s2_weight=12.0, s2_decay=.995, s2_floor=.002, hc=6.0, quiet=90, gap_clear=360, reopen=60,
         near=15, hod_min=1.2, together=15, telling_less=-4.0, restless_more=3.0, fast=120.0, fast_min=40.0, leak=1/360.0, leak_cold=1/30.0, cold=360)


# reasons of failures that rarely happen without a cause
TELLING = {"rate_limit", "blocklist", "auth", "connection", "policy"}


class Series:
    """State of one (provider, key).  t counts minutes since the epoch."""
    def __init__(s, p, t, born=None, reason=None):
        s.tell = reason in TELLING; s.R = [[0.0] * 3 for _ in p["ratios"]]; s.K3 = [0] * 3; s.pk = [0.0] * len(p["ratios"]); s.bu = [0] * len(p["ratios"]); s.h = 0.0; s.born = t if born is None else born; s.PK = s.PN = s.AF = 0.0; s.BF = 1e-9
        s.A, s.B = p["a0"], p["a0"] / p["q_prior"]; s.HA, s.HB = [0.0] * 24, [0.0] * 24; s.day = t // 1440
        s.V, s.M = p["c2_prior"] * p["c2_weight"], p["c2_weight"]; s.VS, s.MS = p["s2_prior"] * p["s2_weight"], p["s2_weight"]
        s.hk = s.hm = 0.0; s.hbad = False; s.hours = 0; s.hour = t // 60; s.gate = p["gate"]; J = len(p["ratios"])
        s.G, s.ev, s.mn = [0.0] * J, [0] * J, [0] * J; s.on0 = [t] * J
        s.on = None; s.ka = s.na = s.C = 0.0; s.fail = s.seen = s.last = t; s.cleared = -10 ** 9; s.id = None

    def q(s, p, t):
        q = (s.A + p["u"] * math.sqrt(s.A)) / s.B
        if s.AF > p["fast_min"]: q = max(q, s.AF / s.BF)
        w = 4.0 / max(q, 1e-4); best = 0.0
        for b in {t // 60 % 24, (t + p["near"]) // 60 % 24, (t - p["near"]) // 60 % 24}:
            best = max(best, (s.HA[b] + p["u"] * math.sqrt(s.HA[b]) + 4.0) / (s.HB[b] + w))
        return min(.9, max(1e-5, best if best > p["hod_min"] * q else q))

    def minute(s, p, h, t, n, k):
        """Take one minute with n attempts, k of them with this key. Returns "raise", "reopen", "clear" or None."""
        if t // 1440 != s.day:
            f = .5 ** ((t // 1440 - s.day) / p["hod_half_days"]); s.HA = [x * f for x in s.HA]; s.HB = [x * f for x in s.HB]; s.day = t // 1440
        if t // 60 != s.hour:
            if not s.hbad and s.hm > 0 and s.hours >= 6:
                w = s.hm / (s.hm + 10); x = (s.hk / s.hm - 1) ** 2 - 1 / s.hm
                s.VS = s.VS * p["s2_decay"] + w * min(x, 9 * s.VS / s.MS); s.MS = s.MS * p["s2_decay"] + w; s.VS = max(s.VS, p["s2_floor"] * s.MS)
            s.gate = max(p["gate"], math.exp(p["gate_sd"] * math.sqrt(math.log1p(s.VS / s.MS))))
            s.hours += t // 60 - s.hour; s.hour = t // 60; s.hk = s.hm = 0.0; s.hbad = False
        res = None; up = False; top = max(s.G); gap = max(0, t - s.last - 1); s.last = t
        clip, clip3, kmin = p["bounds"][s.tell]; h += p["telling_less"] if s.tell else p["restless_more"]; s.h = h
        for r3 in s.R: r3.insert(0, 0.0); r3.pop()
        s.K3 = [k] + s.K3[:2]
        if gap > 0: s._decay(p, gap)
        if n:
            q0 = s.q(p, t); mu = n * q0; c2 = max(s.V / s.M, p["c2_floor"]); r = 1 / c2; low = 1.2 * s.gate * s.gate; fire = False; top = 0.0
            for j, R in enumerate(p["ratios"]):
                R = max(low, min(R, p["q1_cap"] / q0)); g = k * math.log(R) - (k + r) * math.log((r + mu * R) / (r + mu))
                g = min(g, clip * h, max(0.0, clip3 * h - s.R[j][1] - s.R[j][2])); s.R[j][0] = max(0.0, g); s.pk[j] = max(s.pk[j], sum(s.R[j])); g += s.G[j]
                if g <= 0: s.rest(j, t)
                else: s.G[j] = min(g, 1.5 * h); s.ev[j] += k; s.mn[j] += k > 0; s.bu[j] = max(s.bu[j], min(sum(s.K3), s.ev[j]))
                top = max(top, s.G[j])
                if s.G[j] >= h and s.ev[j] >= kmin and s.mn[j] >= p["minutes"] and p["burst_part"] * (s.ev[j] - s.bu[j]) >= s.bu[j]: fire = True
            if k: s.fail = t
            s.seen = t
            if fire and s.on is None:
                res = "reopen" if t - s.cleared <= p["reopen"] and s.id else "raise"; s.on = t; s.ka = s.na = s.C = 0.0; up = True
            if s.on is None and top <= 0: s.ka = s.na = s.C = 0.0
            else:
                # the rate of the alert; before one, that of the worst burst
                a = .5 ** (1 / 30.0) if s.on is not None else 0.0 if k and k >= s.ka else 1.0
                if s.on is not None or k and (k >= s.ka or s.K3[1]): s.ka = s.ka * a + k; s.na = s.na * a + n
                qa = min(.95, max(2 * q0, .5 * s.ka / max(s.na, 1), 1e-4)); mA = n * qa
                g = -(k * math.log(qa / q0) - (k + r) * math.log((r + mA) / (r + mu))); s.C = max(0.0, s.C + min(max(g, -p["hc"] / 2), p["hc"] / 5))
            if s.on is None and s.C >= p["hc"] and s.ka >= p["burst_min"]:           # a blip, so far: half of what its worst three minutes brought is left
                s.ka = s.na = s.C = 0.0
                for j in range(len(s.G)):
                    s.G[j] -= s.pk[j] / 2; s.pk[j] = 0.0
                    if s.G[j] <= 0: s.rest(j, t)
        if s.on is not None and (s.C >= p["hc"] or (t - s.fail >= p["quiet"] and t - s.seen < p["quiet"]) or t - s.seen >= p["gap_clear"]):
            res = "clear"; s.on = None; s.cleared = t
            for j in range(len(s.G)): s.rest(j, t)
        s._decay(p, 1)
        if s.on is not None: s.hbad = True
        if n:
            sus = s.on is not None or top > p["susp"] * h; b = t // 60 % 24
            s.PK += min(k, p["winsor"] * mu) if s.on is not None else k; s.PN += n; s.hk += k; s.hm += mu   # an excursion waits until it is judged
            if up: s.PK = min(s.PK, p["winsor"] * q0 * s.PN)
            if s.on is not None or top <= 0: f = 1.0
            else: f = p["leak_cold"] if t - s.born < p["cold"] else p["leak"]
            ck, cn = s.PK * f, s.PN * f; s.PK -= ck; s.PN -= cn; s.A += ck; s.B += cn; s.AF += ck; s.BF += cn; s.HA[b] += ck; s.HB[b] += cn
            if mu > 1 and not sus:
                s.V = s.V * .999 + min((k - mu) ** 2 - mu, 9 * (mu + c2 * mu * mu)); s.M = s.M * .999 + mu * mu
                if s.M > 1e12: s.V *= 1e-6; s.M *= 1e-6
        return res

    def rest(s, j, t):
        s.G[j] = s.pk[j] = 0.0; s.ev[j] = s.mn[j] = s.bu[j] = 0; s.on0[j] = t + 1; s.R[j] = [0.0] * 3

    def _decay(s, p, m):
        d = .5 ** (m / (p["half"] if s.B > p["b_low"] else p["half_low"])); s.A = s.A * d + p["a0"] * (1 - d); s.B = s.B * d + p["a0"] / p["q_prior"] * (1 - d)
        d = .5 ** (m / p["fast"]); s.AF *= d; s.BF = s.BF * d + 1e-9


class Agent:
    def __init__(s, p, world, flat=False, out=sys.stdout):
        s.p, s.w, s.flat, s.out, s.S, s.P, s.open, s.n, s.minute_seen = p, world, flat, out, {}, {}, {}, 0, None

    def write(s, key, state, t, al):
        al["state"] = state
        if state == "resolved": al["cleared_at"] = 60 * (t + 1)
        s.out.write(json.dumps(al) + "\n")

    def minute(s, t, rows):
        """rows: {provider: [attempts, {(class, code, dsn, reason): count}]}; call it for every minute, also empty ones."""
        p = s.p; h = math.log(max(p["series"], len(s.S)) * len(p["ratios"]) * 10080.0 / p["budget"]); ups = []
        for prov, (n, ks) in rows.items():
            mine = s.P.setdefault(prov, set())
            for key, k in list(ks.items()):
                if not s.flat: c = (key[0], None, None, None); ks[c] = ks.get(c, 0) + k
            for key in ks:
                if key not in mine:
                    # a key seen for the first time has had this provider's history of attempts with no such reply
                    b = s.P.setdefault((prov, "n"), [0.0, [0.0] * 24, t]); x = Series(p, t, b[2], key[3]); mine.add(key); s.S[prov, key] = x; x.B += min(b[0], p["b_low"]); x.HB = list(b[1])
            b = s.P.setdefault((prov, "n"), [0.0, [0.0] * 24, t]); b[0] += n; b[1][t // 60 % 24] += n
        for (prov, key), x in s.S.items():
            n, ks = rows.get(prov, (0, {})); r = x.minute(p, h, t, n, ks.get(key, 0))
            if r: ups.append((key[1] is None, prov, key, x, r, ks.get(key, 0), n))
        for cls, prov, key, x, r, k, n in sorted(ups, key=lambda u: (u[0], u[1], str(u[2]))):
            if r == "raise":
                near = [o for o in s.open.values() if o["provider"] == prov and o["class"] == key[0] and (cls or (o["code"] is None and t - o["_t"] <= p["together"]))]
                s.n += 1; x.id = "%s-%d" % (s.w, s.n)
                if near: x.id = None; continue            # another level of the same alert
                al = {"world": s.w, "id": x.id, "at": 60 * (t + 1), "cleared_at": None, "provider": prov, "class": key[0], "code": key[1], "enhanced": key[2], "reason": key[3],
                      "onset": 60 * max(o for o, g in zip(x.on0, x.G) if g >= x.h), "count": max(x.ev), "baseline_rate": round(x.q(p, t), 6), "score": round(max(x.G), 1), "threshold": round(x.h, 1), "_t": t}
                s.open[x.id] = al; s.write(key, "firing", t, al)
            elif r == "clear" and x.id in s.open: s.write(key, "resolved", t, s.open[x.id]); s.open["old", x.id] = dict(s.open.pop(x.id), provider="")
            elif r == "reopen" and ("old", x.id) in s.open: s.open[x.id] = dict(s.open.pop(("old", x.id)), provider=prov, cleared_at=None); s.write(key, "firing", t, dict(s.open[x.id], at=60 * (t + 1)))


def run(ag, counts, stop_after=None):
    """Feed counts; minutes that ag has seen already are skipped."""
    skip = cur = ag.minute_seen; first = None; rows = {}
    for line in counts:
        e, prov, code, dsn, reason, c = line.rstrip("\n").split("\t"); t = int(e) // 60; c = int(c)
        if first is None: first = t
        if skip is not None and t <= skip: continue
        if stop_after and t - first >= stop_after: break
        if cur is None: cur = t - 1
        if t > cur + 1:
            if rows: ag.minute(cur + 1, rows); cur += 1; rows = {}
            while cur + 1 < t: ag.minute(cur + 1, {}); cur += 1
        r = rows.setdefault(prov, [0, {}]); r[0] += c
        if code != "250":
            k = ("4xx" if code == "-" else code[0] + "xx", None if code == "-" else code, None if dsn == "-" else dsn, reason); r[1][k] = r[1].get(k, 0) + c
    if rows: ag.minute(cur + 1, rows); cur += 1
    ag.minute_seen = cur


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter); ap.add_argument("--world", default="w00"); ap.add_argument("--flat", action="store_true")
    ap.add_argument("--state"); ap.add_argument("--stop-after", type=int)
    a = ap.parse_args(); ag = Agent(D, a.world, a.flat)
    if a.state and os.path.exists(a.state): ag = pickle.load(open(a.state, "rb")); ag.out = sys.stdout
    run(ag, sys.stdin, a.stop_after)
    if a.state: ag.out = None; pickle.dump(ag, open(a.state, "wb"))


if __name__ == "__main__": main()
