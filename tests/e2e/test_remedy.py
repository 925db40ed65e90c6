"""The remedies, pasted into real MTAs: each is taken, and its undo restores what was."""
import os
import re
import subprocess

import pytest

import labrun

# What an operator would do: run the shell lines, put the others where they say.
POSTFIX_SH = r"""
cd /etc/postfix; postconf -n >/out/before; cp master.cf /out/master.before
for f in /out/remedy-*.sh; do
  sed -n '1,/^# undo:/p' $f >/out/do.sh; sed -n '/^# undo:/,$p' $f >/out/undo.sh
  echo "== $f"
  bash -eu /out/do.sh || echo "FAILED do $f"
  postfix check || echo "FAILED check $f"
  case $f in
    *slow*) postconf -h smtp-google_destination_rate_delay | grep -qx 1s || echo "FAILED rate $f"
            postmap -q gmail.com hash:/etc/postfix/slow-google | grep -qx smtp-google: || echo "FAILED map $f";;
    *check*) postmap -q gmail.com hash:/etc/postfix/hold-google | grep -q ^retry: || echo "FAILED map $f";;
    *suppress*) postmap -q somebody@gmail.com hash:/etc/postfix/suppressed | grep -q ^error: || echo "FAILED map $f";;
  esac
  bash -eu /out/undo.sh || echo "FAILED undo $f"
  postconf -n >/out/after; diff /out/before /out/after >/dev/null || echo "FAILED restore $f: $(diff /out/before /out/after)"
  diff /out/master.before master.cf >/dev/null || echo "FAILED master $f: $(diff /out/master.before master.cf)"
done >/out/remedy.log 2>&1
echo done >>/out/remedy.log
"""

EXIM_SH = r"""
for f in /out/remedy-*.conf; do
  echo "== $f"
  exim -C $f -bV >/out/bv 2>&1 || { echo "FAILED $f"; cat /out/bv; }
done >/out/remedy.log 2>&1
exim -C /out/remedy-hold.conf -bP hold_domains | grep -q gmail.com || echo "FAILED hold" >>/out/remedy.log
touch /etc/exim4/suppressed; echo somebody@gmail.com >>/etc/exim4/suppressed
exim -C /out/remedy-suppress.conf -bt somebody@gmail.com 2>&1 | grep -q 'address is suppressed' || echo "FAILED suppress" >>/out/remedy.log
exim -C /out/remedy-slow.conf -brt gmail.com | grep -q 'F,2h,15m' || echo "FAILED retry" >>/out/remedy.log
echo done >>/out/remedy.log
"""
