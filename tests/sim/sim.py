#!/usr/bin/env python3
"""smtpulse spike simulator and judge (Python 3.8+, standard library only).

  sim.py truth  [--seed S] [--profile full|quick|log] > truth.json    incidents, decoys, series of every world
  sim.py counts --world W  > w.tsv     per-minute replies of one world (all sizes, 10/h ... 10^6/h)
  sim.py log    --world W  > mail.log  the same as a Postfix log, one line per delivery attempt
  sim.py score  --truth truth.json ALERTS.jsonl ...    judge alerts (file name or "world" field names the world)

counts lines: EPOCH TAB PROVIDER TAB CODE TAB DSN TAB REASON TAB COUNT, EPOCH being the start of the minute;
delivered mail is code 250, dsn 2.0.0, reason "delivered"; a failed connection has code "-" and dsn 4.4.1.
Lines are in time order.  A minute without lines had no mail.
alert lines (JSON, one per alert, written when it fires and again, same "id", when it is resolved; provider "google" is taken as the simulator's "gmail"):
  {"world":"w03","id":"...","state":"firing|resolved","at":EPOCH,"cleared_at":EPOCH|null,"provider":"gmail",
   "class":"4xx","code":421|null,"enhanced":"4.7.28"|null,"reason":"rate-limit"|null, ...}
"""
import argparse, bisect, calendar, json, math, os, random, sys, time

START = calendar.timegm((2026, 11, 2, 0, 0, 0))          # a Monday, UTC
DEFAULT_SEED = "dev-1"
H_ORACLE = 16.0                                          # ln(500 series * 10080 min / 0.5)
GRACE = 10                                               # minutes after an incident in which an alert still counts
LEARN_DAYS = 3                                           # a nightly job may alert on its first nights
WARM = 1440                                              # false alarms in the first day are listed apart ("cold")
SIZES = {"tiny": 10, "small": 100, "medium": 2000, "large": 50000, "huge": 1000000}
PROFILES = {  # days, worlds per size
    "full": (14, {"tiny": 8, "small": 7, "medium": 6, "large": 3, "huge": 2}),
    "quick": (8, {"tiny": 2, "small": 3, "medium": 2, "large": 1, "huge": 1}),
    "log": (5, {"tiny": 2, "small": 3, "medium": 2}),
}
# provider: share, domain, relay, keys; key: code, dsn, reason, base rate, role, clump, reply text
PROVIDERS = [
    ("gmail", .40, "gmail.com", "gmail-smtp-in.l.google.com[142.250.102.26]:25", [
        ("421", "4.7.28", "rate_limit", .0025, "throttle", 1.0, "421-4.7.28 Gmail has detected an unusual rate of mail originating from your IP 421 4.7.28 address. Please try again later. q7si1 - gsmtp"),
        ("550", "5.1.1", "user_unknown", .012, "", 1.6, "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 b2si2 - gsmtp"),
        ("550", "5.7.26", "auth", .001, "block", 1.2, "550-5.7.26 Your email has been blocked because the sender is unauthenticated. 550 5.7.26 c3si3 - gsmtp"),
        ("452", "4.2.2", "mailbox_full", .006, "", 1.2, "452-4.2.2 The recipient's inbox is out of storage space. 452 4.2.2 d4si4 - gsmtp")]),
    ("outlook", .20, "outlook.com", "outlook-com.olc.protection.outlook.com[52.101.8.2]:25", [
        ("451", "4.7.650", "rate_limit", .003, "throttle", 1.0, "451 4.7.650 The mail server [198.51.100.7] has been temporarily rate limited due to IP reputation. (S775)"),
        ("550", "5.7.1", "blocklist", .001, "block", 1.2, "550 5.7.1 Unfortunately, messages from [198.51.100.7] weren't sent. Part of their network is on our block list (S3150)."),
        ("550", "5.5.0", "user_unknown", .02, "", 1.6, "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).")]),
    ("microsoft365", .10, "contoso.example", "contoso-example.mail.protection.outlook.com[52.102.9.4]:25", [
        ("451", "4.7.500", "rate_limit", .004, "throttle", 1.0, "451 4.7.500 Server busy. Please try again later from [198.51.100.7]. (AS77712)"),
        ("550", "5.4.1", "user_unknown", .02, "", 1.5, "550 5.4.1 Recipient address rejected: Access denied.")]),
    ("yahoo", .12, "yahoo.com", "mta7.am0.yahoodns.net[67.195.228.77]:25", [
        ("421", "4.7.0", "rate_limit", .01, "throttle", 1.0, "421 4.7.0 [TSS04] Messages from 198.51.100.7 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1"),
        ("554", None, "user_unknown", .02, "", 1.5, "554 delivery error: dd This user doesn't have a yahoo.com account [0] - mta4103.mail.gq1.yahoo.com")]),
    ("icloud", .05, "icloud.com", "mx01.mail.icloud.com[17.57.154.33]:25", [
        ("554", "5.7.1", "policy", .002, "block", 1.2, "554 5.7.1 [HM08] Message rejected due to local policy."),
        ("552", "5.2.2", "mailbox_full", .005, "", 1.2, "552 5.2.2 user is over quota")]),
    ("other", .13, "corp.example", "mx1.corp.example[192.0.2.40]:25", [
        ("450", "4.2.0", "greylist", .2, "", 1.0, "450 4.2.0 <user@corp.example>: Recipient address rejected: Greylisted"),
        ("550", "5.1.1", "user_unknown", .035, "", 1.8, "550 5.1.1 <user@corp.example>: Recipient address rejected: User unknown in virtual mailbox table"),
        ("554", "5.7.1", "blocklist", .002, "block", 1.2, "554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org")]),
]
CONNECT = (None, "4.4.1", "connection", .003, "outage", 1.0, "Connection timed out")


def series():
    return [(p[0], k) for p in PROVIDERS for k in p[4] + [CONNECT]]


# ---------------------------------------------------------------- sampling
def poisson(r, lam):
    if lam <= 0: return 0
    if lam > 40: return max(0, int(lam + math.sqrt(lam) * r.gauss(0, 1) + .5))
    L = math.exp(-lam); k = 0; p = r.random()
    while p > L: k += 1; p *= r.random()
    return k


def binom(r, n, q):
    if n <= 0 or q <= 0: return 0
    if q >= 1: return n
    if n <= 8:
        c = 0
        for _ in range(n):
            if r.random() < q: c += 1
        return c
    m = n * q
    if m > 30 and n - m > 30:
        return min(n, max(0, int(m + math.sqrt(m * (1 - q)) * r.gauss(0, 1) + .5)))
    if q > .5: return n - binom(r, n, 1 - q)
    c = 0; i = 0; lq = math.log(1 - q)                    # gaps between failures are geometric
    while True:
        i += int(math.log(1 - r.random()) / lq) + 1
        if i > n: return c
        c += 1


# ---------------------------------------------------------------- scenario
def plan(seed, profile):
    days, sizes = PROFILES[profile]
    worlds = []
    for size, cnt in sizes.items():
        for j in range(cnt):
            w = {"id": "w%02d" % len(worlds), "size": size, "per_hour": SIZES[size], "days": days, "start": START}
            worlds.append(w)
    for i, w in enumerate(worlds):
        r = random.Random("%s/%s/%s/plan" % (seed, profile, w["id"]))
        T = days * 1440; size = w["size"]; lng = {"tiny": 4, "small": 2}.get(size, 1)   # small senders: longer incidents
        w["night"] = r.choice([.03, .08, .2, .5])        # traffic at the deepest of the night, of the day's peak
        w["weekend"] = r.choice([.2, .5, .9])
        w["peak"] = r.uniform(10, 15)
        w["wander"] = r.uniform(.06, .16)                 # slow drift of rates (log sd, tau 3 h)
        w["mnoise"] = r.uniform(.12, .3)                  # minute noise of rates (CV)
        inc, dec = [], []
        S = series()
        role = lambda x: [s for s in S if s[1][4] == x]
        kinds = ["throttle", "block", "outage", "ramp", "throttle", "block"]
        if size in ("medium", "large", "huge"): kinds += ["double"]
        r.shuffle(kinds)
        busy = {p[0]: 0 for p in PROVIDERS}               # one thing at a time per provider

        def add(kind, prov, key, t0, dur, **kw):
            d = dict(id="%s-%s%d" % (w["id"], kind, len(inc) + len(dec)), kind=kind, provider=prov, code=key and key[0],
                     dsn=key and key[1], reason=key and key[2], start=t0, end=t0 + dur, **kw)
            (dec if kind in ("blip", "blast", "nightly", "gap") else inc).append(d)

        t = 90 if i % 4 == 1 else r.randrange(1500, 1900)  # every third world: an incident after 90 minutes, cold
        n = 0
        while t < T - 900:
            h = (t // 60) % 24
            if not (6 <= h < 21) and r.random() < .75: t += 60; continue
            kind = kinds[n % len(kinds)]; n += 1
            if t < WARM: kind = r.choice(["throttle", "block"])
            if kind == "throttle":
                p, k = r.choice(role("throttle")); dur = r.randrange(20, 41) * lng
                add(kind, p, k, t, dur, level=r.uniform(.3, .85))
            elif kind == "block":
                p, k = r.choice(role("block")); dur = r.randrange(90, 361) * lng
                add(kind, p, k, t, dur, level=r.uniform(.45, .95))
            elif kind == "outage":
                p, k = r.choice(role("outage")); dur = r.randrange(15, 61) * lng
                add(kind, p, k, t, dur, level=r.uniform(.9, 1.0))
            elif kind == "ramp":
                p, k = r.choice(role("throttle") + role("block")); dur = 180
                add(kind, p, k, t, dur, level=max(.08, min(.6, k[3] * r.uniform(8, 20))))
            else:
                p, k = r.choice([s for s in S if .01 <= s[1][3] < .1]); dur = 480
                add(kind, p, k, t, dur, factor=r.uniform(2.1, 2.8))
            t += dur + r.randrange(900, 2200)
        if i % 4 == 3:                                     # a lasting change of level: one alert, then learn it
            p, k = r.choice([s for s in S if .01 <= s[1][3] < .1])
            t0 = T - 5 * 1440 + r.randrange(500, 700)
            if not any(abs(x["start"] - t0) < 1600 and x["provider"] == p for x in inc):
                add("shift", p, k, t0, 2160, factor=4.0)
        taken = [(x["start"] - 60, x["end"] + 120) for x in inc]
        free = lambda a, b: all(b < u or a > v for u, v in taken)
        for kind, cnt in (("blip", max(2, days // 2)), ("blast", max(2, days // 4)), ("gap", 1)):
            for _ in range(cnt):
                for _try in range(50):
                    t0 = r.randrange(1500, T - 700); h = (t0 // 60) % 24
                    dur = 2 if kind == "blip" else r.randrange(30, 91) if kind == "blast" else r.randrange(60, 241)
                    if 6 <= h < 20 and free(t0, t0 + dur + 60):
                        taken.append((t0 - 60, t0 + dur + 120))
                        if kind == "blip":
                            p, k = r.choice(role("throttle") + role("block"))
                            add(kind, p, k, t0, dur, level=r.uniform(.6, 1.0))
                        elif kind == "blast": add(kind, "*", None, t0, dur, factor=40, rate_factor=r.uniform(.85, 1.25))
                        else: add(kind, "*", None, t0, dur)
                        break
        if i % 5 == 2:                                     # every night a job writes to a worse list
            at = r.randrange(60, 300)
            for d in range(days):
                for p in ("gmail", "other"):
                    k = [x for x in dict((q[0], q[4]) for q in PROVIDERS)[p] if x[2] == "user_unknown"][0]
                    add("nightly", p, k, d * 1440 + at, 20, factor=4.0, traffic=6.0, learn=d < LEARN_DAYS)
        w["incidents"], w["decoys"] = sorted(inc, key=lambda x: x["start"]), sorted(dec, key=lambda x: x["start"])
    return worlds


def nb_llr(k, mu0, mu1, rr):
    return k * math.log(mu1 / mu0) - (k + rr) * math.log((rr + mu1) / (rr + mu0))


def generate(seed, profile, w, emit=None):
    """Run one world. emit(t, provider index, n, [k per key]). Adds onset/oracle/must to the incidents of w."""
    r = random.Random("%s/%s/%s/run" % (seed, profile, w["id"]))
    T = w["days"] * 1440
    per_min = w["per_hour"] / 60.0
    prov = []
    for p in PROVIDERS:
        keys = [dict(k=k, base=k[3] * math.exp(r.gauss(0, .4)), w=r.gauss(0, w["wander"]), inc=None, clump=k[5]) for k in p[4] + [CONNECT]]
        prov.append(dict(name=p[0], share=p[1], a=0.0, keys=keys, retry={}))
    for x in w["incidents"]: x["_S"] = 0.0; x["_bad"] = 0; x["oracle_min"] = None; x["onset"] = x["start"]; x["fails"] = 0
    phi_w = math.exp(-1 / 180.0); s_w = w["wander"] * math.sqrt(1 - phi_w ** 2)
    phi_a = math.exp(-1 / 30.0); s_a = .25 * math.sqrt(1 - phi_a ** 2)
    gsh = 1 / w["mnoise"] ** 2
    depth = -math.log(w["night"]) / 2
    norm = sum(math.exp(depth * (math.cos(2 * math.pi * (h - w["peak"]) / 24) - 1)) for h in range(24)) / 24 * (5 + 2 * w["weekend"]) / 7
    events = sorted(w["incidents"] + w["decoys"], key=lambda x: x["start"])
    active = []; ei = 0
    for t in range(T):
        while ei < len(events) and events[ei]["start"] <= t: active.append(events[ei]); ei += 1
        if active:
            active = [x for x in active if x["end"] > t or x["kind"] == "shift"]
        hour = (t / 60.0) % 24; wd = (t // 1440) % 7
        vol = per_min / norm * math.exp(depth * (math.cos(2 * math.pi * (hour - w["peak"]) / 24) - 1)) * (w["weekend"] if wd >= 5 else 1)
        rate_f = 1.0; gap = False
        for x in active:
            if x["kind"] == "blast": vol *= x["factor"]; rate_f *= x["rate_factor"]
            elif x["kind"] == "gap": gap = True
        for pi, p in enumerate(prov):
            p["a"] = phi_a * p["a"] + s_a * r.gauss(0, 1)
            mine = [x for x in active if x["provider"] == p["name"]]
            m = vol * p["share"] * math.exp(p["a"])
            for x in mine:
                if x["kind"] == "nightly": m *= x["traffic"]
                elif x["kind"] == "outage": m *= .6
            n = poisson(r, m) + p["retry"].pop(t, 0)
            if gap:
                if n: p["retry"][t + 30] = p["retry"].get(t + 30, 0) + n // 2
                n = 0
            left = n; ks = []
            for key in p["keys"]:
                key["w"] = phi_w * key["w"] + s_w * r.gauss(0, 1)
                q0 = key["base"] * math.exp(key["w"]) * rate_f
                q = q0; hit = None
                for x in mine:
                    if x["dsn"] != key["k"][1] or x["code"] != key["k"][0]: continue
                    if "level" in x:
                        lv = x["level"]
                        if x["kind"] == "ramp":
                            f = min(1.0, (t - x["start"] + 1) / 120.0); lv = q0 + (lv - q0) * f
                            if q0 + 0 < lv < 2 * q0: x["onset"] = t + 1
                        q = max(q, lv)
                    else: q *= x["factor"]
                    if x["kind"] not in ("blip", "nightly"): hit = x
                if n == 0: ks.append(0); continue
                noise = r.gammavariate(gsh, 1 / gsh)
                qq = min(1.0, q * noise if q < .5 else q)
                c = key["clump"]
                if c > 1 and q < .2:                       # failures come in clumps: lists, loops, several recipients
                    k = 0
                    ev = binom(r, left, qq / c) if left < 5000 else poisson(r, left * qq / c)
                    if ev > 50: k = int(ev * c + .5)
                    else:
                        for _ in range(ev):
                            k += 1
                            while r.random() > 1 / c and k < left: k += 1
                    k = min(k, left)
                else: k = binom(r, left, qq)
                left -= k; ks.append(k)
                if k and key["k"][1] and key["k"][1][0] == "4" and key["k"][2] != "mailbox_full":   # deferred mail comes back
                    d = 5 + int(r.expovariate(1 / 12.0)); p["retry"][t + d] = p["retry"].get(t + d, 0) + (k * 4 + 2) // 5
                if hit is not None and t < hit["end"] and t >= hit["onset"]:
                    hit["fails"] += k
                    if hit["oracle_min"] is None and q > q0 * 1.01:
                        mu0 = n * q0; hit["_S"] = max(0.0, hit["_S"] + nb_llr(k, mu0, n * q, gsh)); hit["_bad"] += k > mu0
                        if hit["_S"] >= H_ORACLE and hit["_bad"] >= 3: hit["oracle_min"] = t + 1 - hit["onset"]
            if emit and n: emit(t, pi, n, ks)
    for x in w["incidents"]:
        dur = x["end"] - x["onset"]
        x["must"] = x["oracle_min"] is not None and x["oracle_min"] <= .6 * dur
        del x["_S"], x["_bad"]
    return w


def public(w):
    e = lambda t: w["start"] + 60 * t
    o = dict(id=w["id"], size=w["size"], per_hour=w["per_hour"], days=w["days"], start=w["start"], series=len(series()), incidents=[], decoys=[])
    for name in ("incidents", "decoys"):
        for x in w[name]:
            y = dict(x); y["start"] = e(x["start"]); y["end"] = e(x["end"])
            if "onset" in y: y["onset"] = e(x["onset"])
            o[name].append(y)
    return o


# ---------------------------------------------------------------- writers
def write_counts(seed, profile, w, out):
    names = [(p[0], p[4] + [CONNECT]) for p in PROVIDERS]

    def emit(t, pi, n, ks):
        ep = w["start"] + 60 * t; name, keys = names[pi]; ok = n - sum(ks); b = []
        if ok: b.append("%d\t%s\t250\t2.0.0\tdelivered\t%d\n" % (ep, name, ok))
        for k, key in zip(ks, keys):
            if k: b.append("%d\t%s\t%s\t%s\t%s\t%d\n" % (ep, name, key[0] or "-", key[1] or "-", key[2], k))
        out.write("".join(b))
    generate(seed, profile, w, emit)


def write_log(seed, profile, w, out, fmt, shift=0):
    r = random.Random("%s/%s/%s/log" % (seed, profile, w["id"]))
    buf = []; cur = [-1]

    def flush():
        buf.sort(key=lambda x: x[0])
        for s, line in buf:
            g = time.gmtime(int(s))
            if fmt == "rfc3164": st = time.strftime("%b ", g) + "%2d" % g.tm_mday + time.strftime(" %H:%M:%S", g)
            else: st = time.strftime("%Y-%m-%dT%H:%M:%S", g) + ".%06d+00:00" % int(s % 1 * 1e6)
            out.write("%s mx1 %s\n" % (st, line))
        buf.clear()

    def emit(t, pi, n, ks):
        if t != cur[0]: flush(); cur[0] = t
        name, _, dom, relay, keys = PROVIDERS[pi]; ep = w["start"] + 60 * t
        kinds = [None] * (n - sum(ks))
        for k, key in zip(ks, keys + [CONNECT]): kinds += [key] * k
        for key in kinds:
            qid = "%X" % r.randrange(2 ** 40, 2 ** 44); to = "u%d@%s" % (r.randrange(10 ** 6), dom)
            d = r.uniform(.2, 9); pid = r.randrange(2000, 30000)
            head = "postfix/smtp[%d]: %s: to=<%s>, relay=%s, delay=%.2g, delays=0.1/0.01/%.2g/%.2g, " % (pid, qid, to, relay if key is not CONNECT else "none", d, d / 2, d / 2)
            host = relay.rsplit(":", 1)[0]
            if key is None: tail = "dsn=2.0.0, status=sent (250 2.0.0 OK %d - queued)" % r.randrange(10 ** 9)
            elif key is CONNECT: tail = "dsn=4.4.1, status=deferred (connect to %s:25: Connection timed out)" % host
            else:
                dsn = key[1] or key[0][0] + ".0.0"
                tail = "dsn=%s, status=%s (host %s said: %s (in reply to %s command))" % (dsn, "deferred" if key[0][0] == "4" else "bounced", host, key[6], r.choice(["RCPT TO", "end of DATA"]))
            buf.append((ep + shift + r.random() * 60, head + tail))
    generate(seed, profile, w, emit); flush()


# ---------------------------------------------------------------- judge
def fits(x, a):
    """Does alert a name the thing x (incident)?"""
    if a.get("provider") not in (x["provider"], "*"): return False
    code, dsn = a.get("code"), a.get("dsn")
    cls = a.get("class") or (code and code[0] + "xx")
    if x["reason"] == "connection":
        return a.get("reason") == "connection" or (code is None and (dsn or "4.4.1")[:2] == "4." and (cls or "4xx") in ("4xx", "conn"))
    if code is None: return (cls or "") == x["code"][0] + "xx" or (dsn is not None and dsn == x["dsn"])
    if code != x["code"]: return False
    return not (dsn and x["dsn"] and dsn != x["dsn"])


def score(truth, alerts):
    """alerts: {world id: [alert, ...]} with epoch seconds in 'at'. Returns the report."""
    rep = {"sizes": {}, "kinds": {}, "false": [], "missed": [], "cold_false": [], "collateral": 0}
    weeks = 0.0; delays = []; excess = []; hits = must = bonus = 0; notes = 0; opened = []; late_clear = []
    for w in truth["worlds"]:
        al = sorted(alerts.get(w["id"], []), key=lambda a: a["at"])
        weeks += w["series"] * (w["days"] * 1440 - WARM) / 10080.0
        used = {}
        for a in al:
            m = a["at"]
            cand = [x for x in w["incidents"] if x["start"] <= m <= x["end"] + 60 * GRACE]
            got = [x for x in cand if fits(x, a)]
            if got: used.setdefault(got[0]["id"], []).append(a); continue
            if any(x["provider"] == a.get("provider") for x in cand): rep["collateral"] += 1; continue
            why = [d["kind"] for d in w["decoys"] if d["start"] <= m <= d["end"] + 1800 and d["provider"] in ("*", a.get("provider"))]
            free = [d for d in w["decoys"] if d.get("learn") and d["start"] <= m <= d["end"] + 3600 and d["provider"] == a.get("provider")]
            if free: continue
            if m < w["start"] + 60 * WARM: rep["cold_false"].append([w["id"], a.get("provider"), a.get("code"), a.get("dsn"), (m - w["start"]) // 60])
            else: rep["false"].append([w["id"], w["size"], a.get("provider"), a.get("code"), a.get("dsn"), (m - w["start"]) // 60, why[0] if why else "none"])
        for x in w["incidents"]:
            z = rep["sizes"].setdefault(w["size"], {"must": 0, "hit": 0, "delay": [], "excess": []})
            y = rep["kinds"].setdefault(x["kind"], {"must": 0, "hit": 0, "delay": [], "excess": []})
            got = used.get(x["id"], [])
            if not x["must"]: bonus += bool(got); continue
            must += 1; z["must"] += 1; y["must"] += 1
            if not got: rep["missed"].append([w["id"], w["size"], x["kind"], x["provider"], x["code"], x["dsn"], (x["start"] - w["start"]) // 60, x["oracle_min"]]); continue
            hits += 1; notes += len(got); d = max(0.0, (got[0]["at"] - x["onset"]) / 60.0)
            for g in (z, y): g["hit"] += 1; g["delay"].append(d); g["excess"].append(d - x["oracle_min"])
            delays.append(d); excess.append(d - x["oracle_min"])
            c = got[-1].get("cleared_at")
            if x["kind"] == "shift" or x["end"] >= w["start"] + 86400 * w["days"]: continue      # it outlasts the log
            opened.append(c is None); late_clear += [(c - x["end"]) / 60.0] if c else []
    q = lambda v, f: sorted(v)[min(len(v) - 1, int(f * len(v)))] if v else None
    for g in list(rep["sizes"].values()) + list(rep["kinds"].values()):
        g["median_delay"], g["p90_delay"], g["median_excess"] = q(g["delay"], .5), q(g["delay"], .9), q(g["excess"], .5); del g["delay"], g["excess"]
    fa = len(rep["false"])
    why = {}
    for f in rep["false"]: why[f[-1]] = why.get(f[-1], 0) + 1
    rep["summary"] = {"must": must, "detected": hits, "detection_rate": hits / must if must else None, "bonus_detected": bonus,
                      "median_delay": q(delays, .5), "p90_delay": q(delays, .9), "median_excess_over_oracle": q(excess, .5), "p90_excess": q(excess, .9),
                      "series_weeks": weeks, "false_alarms": fa, "false_per_500_series_week": 500 * fa / weeks, "false_by_cause": why,
                      "cold_false": len(rep["cold_false"]), "collateral": rep["collateral"], "alerts_per_incident": notes / hits if hits else None,
                      "never_cleared": sum(opened) / len(opened) if opened else None, "median_clear_after_end": q(late_clear, .5), "p90_clear_after_end": q(late_clear, .9)}
    return rep


def merge(lines):
    """One alert for each id, as last heard of; the first of its lines says when it fired."""
    ids = {}
    for a in lines:
        a = dict(a); a["provider"] = {"google": "gmail"}.get(a.get("provider"), a.get("provider")); a.setdefault("dsn", a.get("enhanced"))
        a["code"] = None if a.get("code") is None else str(a["code"])
        if a["id"] in ids: ids[a["id"]]["cleared_at"] = a.get("cleared_at")
        else: ids[a["id"]] = a
    return list(ids.values())


def read_alerts(files):
    by = {}
    for f in files:
        base = os.path.basename(f).split(".")[0]
        for line in open(f):
            if line.strip(): a = json.loads(line); by.setdefault(a.get("world") or base, []).append(a)
    return {w: merge(v) for w, v in by.items()}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("verb", choices=["truth", "counts", "log", "score", "worlds"])
    ap.add_argument("files", nargs="*"); ap.add_argument("--seed", default=DEFAULT_SEED); ap.add_argument("--profile", default="full", choices=sorted(PROFILES))
    ap.add_argument("--world"); ap.add_argument("--truth"); ap.add_argument("--format", default="rfc3339", choices=["rfc3339", "rfc3164"]); ap.add_argument("--full", action="store_true"); ap.add_argument("--shift", type=int, default=0, help="log: seconds added to every time (30 puts blips across minutes)")
    a = ap.parse_intermixed_args()
    if a.verb == "score":
        rep = score(json.load(open(a.truth)), read_alerts(a.files))
        json.dump(rep if a.full else {"summary": rep["summary"], "sizes": rep["sizes"], "kinds": rep["kinds"], "missed": rep["missed"], "false": rep["false"][:20]}, sys.stdout, indent=1); print(); return
    worlds = plan(a.seed, a.profile)
    if a.verb == "worlds":
        for w in worlds: print(w["id"], w["size"], w["per_hour"], w["days"])
    elif a.verb == "truth":
        json.dump({"version": 1, "seed": a.seed, "profile": a.profile, "worlds": [public(generate(a.seed, a.profile, w)) for w in worlds]}, sys.stdout, indent=1); print()
    else:
        w = [x for x in worlds if x["id"] == a.world]
        if not w: sys.exit("no such world: %s" % a.world)
        (write_counts if a.verb == "counts" else lambda *x: write_log(*x, a.format, a.shift))(a.seed, a.profile, w[0], sys.stdout)


if __name__ == "__main__":
    try: main()
    except BrokenPipeError: os._exit(0)
