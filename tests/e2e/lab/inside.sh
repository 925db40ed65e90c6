#!/bin/bash
# inside.sh - runs in the private root: syslog, fake internet, the MTA, traffic
set -uo pipefail
cd /root
say() { echo "[$(date +%T)] $*" >&2; }
wait_for() { local n=$1; shift; for ((i = 0; i < n * 10; i++)); do "$@" >/dev/null 2>&1 && return 0; sleep .1; done; return 1; }
for u in alice bob carol webuser; do id $u >/dev/null 2>&1 || useradd -m -s /bin/bash $u; done
usermod -p '*' webuser
rm -rf /var/log/mail* /var/log/exim4/* 2>/dev/null
cat > /etc/rsyslog-lab.conf <<'E'
module(load="imuxsock" SysSock.RateLimit.Interval="0")
global(workDirectory="/run" maxMessageSize="64k")
template(name="year" type="string" string="%timegenerated:::date-year%-%timegenerated:::date-month%-%timegenerated:::date-day% %timegenerated:::date-hour%:%timegenerated:::date-minute%:%timegenerated:::date-second% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
template(name="pri" type="string" string="<%PRI%>%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
template(name="json" type="list") { constant(value="{\"timestamp\":\"") property(name="timereported" dateFormat="rfc3339") constant(value="\",\"host\":\"") property(name="hostname") constant(value="\",\"tag\":\"") property(name="syslogtag" format="json") constant(value="\",\"msg\":\"") property(name="msg" format="json") constant(value="\"}\n") }
mail.* action(type="omfile" file="/var/log/mail.traditional.log" template="RSYSLOG_TraditionalFileFormat")
mail.* action(type="omfile" file="/var/log/mail.rfc3339.log" template="RSYSLOG_FileFormat")
mail.* action(type="omfile" file="/var/log/mail.rfc5424.log" template="RSYSLOG_SyslogProtocol23Format")
mail.* action(type="omfile" file="/var/log/mail.year.log" template="year")
mail.* action(type="omfile" file="/var/log/mail.pri.log" template="pri")
mail.* action(type="omfile" file="/var/log/mail.json.log" template="json")
*.*;mail.none action(type="omfile" file="/var/log/other.log" template="RSYSLOG_FileFormat")
E
rsyslogd -n -f /etc/rsyslog-lab.conf -i /run/rsyslogd.pid & SYSLOG=$!
wait_for 5 test -S /dev/log || say "no /dev/log"
mkdir -p /run/switch
/usr/bin/python3 /lab/fakenet.py --profile /profile --truth /out/truth-server.jsonl --cert /etc/lab-cert.pem --seed "$SEED" --switch /run/switch --ready /run/fakenet.ready & FAKE=$!
wait_for 10 test -e /run/fakenet.ready || { say "fakenet did not start"; exit 1; }
. "/lab/mta/$MTA.sh"
mta_configure || { say "configure failed"; exit 1; }
mta_start || { say "start failed"; exit 1; }
wait_for 15 bash -c 'exec 3<>/dev/tcp/127.0.0.1/25' || say "port 25 does not answer"
X=0
if [ -n "$EXTRA" ]; then bash -c "$EXTRA" & X=$!; fi
if [ "$SHELLMODE" = 1 ]; then bash -i; else
  T0=$(date +%s)
  timeout 300 /usr/bin/python3 /lab/inject.py --profile /profile --truth /out/truth-submit.jsonl --mta "$MTA" --seed "$SEED" --count "$COUNT" --fail "$FAIL" --deadline "$LIMIT" || say "inject: $?"
  say "injected after $(( $(date +%s) - T0 )) s"
  mta_extra
  for ((i = 0; i < LIMIT; i++)); do mta_queue_empty && break; ((i % 12 == 11)) && mta_flush; (( $(date +%s) - T0 > LIMIT )) && break; sleep 1; done
  mta_queue_empty || say "queue not empty at the limit: $(mta_queue 2>/dev/null | tail -3 | tr '\n' ' ')"
  say "drained after $(( $(date +%s) - T0 )) s"
fi
mta_stop; sleep 1
[ $X != 0 ] && { kill $X; wait $X; } 2>/dev/null  # it may still look at the last lines
kill $SYSLOG $FAKE 2>/dev/null; sleep .7
for f in /var/log/mail.* /var/log/mail*.log /var/log/exim4/* /var/log/other.log; do [ -s "$f" ] && cp "$f" /out/"$(basename "$f")"; done
wc -l /out/* >&2
