"""The remedies, pasted into real MTAs: each is taken, and its undo restores what was."""
import os
import subprocess

import pytest

import labrun

HEADS = {"slow": ("421", "4.7.28"), "hold": ("554", "5.7.606"), "suppress": ("550", "5.1.1"),
         "keep": ("552", "5.2.2"), "copy": ("552", "5.3.4"), "sign": ("550", "5.7.26"),
         "retry": ("452", "4.2.2"), "config": ("535", "5.7.8"), "look": ("554", "5.7.0")}

POSTFIX_SH = r"""
trap '' TERM     # the lab waits for us when its traffic is over
exec >/out/remedy.log 2>&1
cd /etc/postfix; postconf -n >/out/before; cp master.cf /out/master.before
for n in slow hold suppress keep copy sign; do
  # the lab may have stopped its MTA already: there is nothing to reload then
  sed -i "/^postfix reload/d" /out/$n.do /out/$n.undo
  bash -eu /out/$n.do || echo "FAILED do $n"
  postfix check || echo "FAILED check $n"
  case $n in
    slow) [ "$(postconf -h smtp-google_destination_rate_delay)" = 1s ] || echo "FAILED rate"
          [ "$(postmap -q gmail.com hash:slow-google)" = smtp-google: ] || echo "FAILED map";;
    hold) postmap -q gmail.com hash:hold-google | grep -q ^retry: || echo "FAILED map $n";;
    suppress) postmap -q somebody@gmail.com hash:suppressed | grep -q ^error: || echo "FAILED map $n";;
    keep) [ "$(postmap -q '5.2.2 mailbox full' regexp:keep-trying)" = '4.2.2 mailbox full' ] ||
            echo "FAILED map $n"
          postmap -q '5.1.1 no such user' regexp:keep-trying && echo "FAILED map $n";;
    copy) postconf -h notify_classes | grep -q bounce || echo "FAILED $n";;
    sign) [ "$(postconf -h non_smtpd_milters)" = inet:127.0.0.1:8891 ] || echo "FAILED $n";;
  esac
  bash -eu /out/$n.undo || echo "FAILED undo $n"
  postconf -n >/out/after; diff /out/before /out/after || echo "FAILED restore $n"
  diff /out/master.before master.cf || echo "FAILED restore master.cf $n"
done
touch /var/log/mail.log
for n in config look; do bash -u /out/$n.do || echo "FAILED $n"; done
# without its MTA the queue cannot be asked
bash -u /out/retry.do 2>&1 | grep -vi 'mail system is down' | grep . && echo "FAILED retry"
echo done
"""

# Exim: the lines that are for a section are put behind its marker.
EXIM_SH = r"""
trap '' TERM     # the lab waits for us when its traffic is over
exec >/out/remedy.log 2>&1
install -m 644 /dev/null /etc/exim4/suppressed
grep "^echo" /out/suppress.do | bash
for n in slow hold suppress keep copy sign; do
  python3 - $n <<'P'
import re, sys
name = sys.argv[1]
conf = open("/etc/exim4/exim4.conf").read()
places = {"in the transport with driver = smtp:": "  driver = smtp\n",
          'first below "begin retry":': "begin retry\n",
          'first below "begin routers":': "begin routers\n", "in the main section:": None}
at = None
for line in open("/out/%s.do" % name):
    if line.strip() in places:
        at = places[line.strip()]
        text = {}
        key = line.strip()
        continue
    if line.startswith(("#", "echo")) or not line.strip() or "key" not in globals():
        continue
    text.setdefault(at, "")
    text[at] += line
    last = text
    if at is None:
        conf = line + conf
    else:
        i = conf.index(at) + len(at)
        done = sum(len(t) for t in [text[at]]) - len(line)
        conf = conf[:i + done] + line + conf[i + done:]
open("/etc/exim4/%s.conf" % name, "w").write(conf)
P
  exim -C /etc/exim4/$n.conf -bV >/out/bv 2>&1 || { echo "FAILED $n"; cat /out/bv; }
done
exim -C /etc/exim4/hold.conf -bP hold_domains | grep gmail.com || echo "FAILED hold"
exim -C /etc/exim4/suppress.conf -bt somebody@gmail.com 2>&1 | grep 'address is suppressed' || echo "FAILED suppress"
exim -C /etc/exim4/keep.conf -bP bounce_return_size_limit | grep '= 50M' || echo "FAILED keep"
exim -C /etc/exim4/copy.conf -bP errors_copy | grep 'postmaster' || echo "FAILED copy"
exim -C /etc/exim4/sign.conf -bP transport remote_smtp | grep 'dkim_selector = mail' || echo "FAILED sign"
bash -u /out/retry.do || echo "FAILED retry"
# not every domain of theirs has a server here
bash -u /out/config.do | grep '^primary_hostname' || echo "FAILED config"
bash -n /out/look.do && grep -q "^exigrep '@gmail.com'" /out/look.do || echo "FAILED look"
exim -C /etc/exim4/slow.conf -brt gmail.com | grep 'F,2h,15m' || echo "FAILED retry"
exim -C /etc/exim4/slow.conf -bP transport remote_smtp | grep 'serialize_hosts = .*google.com' || echo "FAILED serialize"
echo done
"""

SENDMAIL_SH = r"""
trap '' TERM     # the lab waits for us when its traffic is over
exec >/out/remedy.log 2>&1
cd /etc/mail; mkdir -p /var/spool/mqueue/google; touch access
for n in slow suppress keep copy sign; do
  python3 - $n <<'P'
import sys
name = sys.argv[1]
mc, access, to = open("/etc/mail/lab.mc").read(), "", None
for line in open("/out/%s.do" % name):
    if line.startswith("in "):
        to = "mc" if "sendmail.mc" in line else "access"
    elif line.startswith(("#", "then")) or not line.strip():
        continue
    elif to == "mc":
        mc = mc.replace("MAILER(", line + "MAILER(", 1)
    else:
        access += line
open("/out/%s.mc" % name, "w").write(mc)
open("/etc/mail/access.%s" % name, "w").write(access)
P
  m4 /out/$n.mc >/etc/mail/$n.cf || echo "FAILED m4 $n"
  makemap hash /etc/mail/access.$n <access.$n || echo "FAILED map $n"
  echo '3,0 postmaster@gmail.com' | sendmail -C /etc/mail/$n.cf -bt >/out/bt.$n 2>&1 || echo "FAILED bt $n"
  grep -i "unknown\|error\|warning" /out/bt.$n && echo "FAILED words $n"
done
for n in keep copy; do grep '^O PostmasterCopy=postmaster' $n.cf || echo "FAILED $n"; done
grep '^Xopendkim, S=inet:8891@127.0.0.1' sign.cf || echo "FAILED sign"
for n in retry config hold; do bash -u /out/$n.do </dev/null || echo "FAILED $n"; done
bash -u /out/hold.undo || echo "FAILED undo hold"
bash -n /out/look.do && grep -q "^grep 'to=" /out/look.do || echo "FAILED look"
grep '^Qgoogle' slow.cf || echo "FAILED queue group"
makemap -u hash access.slow | grep -i 'qgrp:gmail.com' || echo "FAILED qgrp"
makemap -u hash access.suppress | grep -i 'to:somebody@gmail.com' || echo "FAILED to"
echo done
"""

SCRIPTS = {"postfix": POSTFIX_SH, "exim": EXIM_SH, "sendmail": SENDMAIL_SH}


def remedy(mta, code, enhanced):
    """(what to do, how to undo it), as explain shows them."""
    done = subprocess.run(
        [labrun.PROGRAM, "explain", "--provider", "google", "--mta", mta, code, enhanced],
        capture_output=True, text=True, check=True)
    text = done.stdout.split(f"\n# {mta}: ", 1)[1]
    do, _, undo = text.partition("# undo:\n")
    return "# " + do, undo


@pytest.mark.parametrize("mta", SCRIPTS)
def test_a_real_mta_takes_the_remedies(mta, tmp_path):
    why = labrun.refused()
    if why:
        pytest.skip(why)
    labrun.setup(mta)
    for name, (code, enhanced) in HEADS.items():
        do, undo = remedy(mta, code, enhanced)
        (tmp_path / f"{name}.do").write_text(do)
        (tmp_path / f"{name}.undo").write_text(undo)
    (tmp_path / "remedy.sh").write_text(SCRIPTS[mta])
    with open(tmp_path / "lab.err", "w") as err:
        subprocess.run([os.path.join(labrun.LAB, "run.sh"), mta, "--out", str(tmp_path),
                        "--count", "1", "--limit", "15", "--exec", "bash /out/remedy.sh"],
                       stdout=subprocess.DEVNULL, stderr=err, timeout=200)
    log = (tmp_path / "remedy.log").read_text()
    assert "FAILED" not in log and log.endswith("done\n"), log
