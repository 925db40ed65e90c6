#include "remedy_table.h"

const struct remedy remedy_table[] = {
	{ ACTION_SLOW_DOWN, MTA_POSTFIX,
	    "a transport of its own for @N, with a pause between deliveries",
	    "postconf -M smtp-@N/unix='smtp-@N unix - - y - 5 smtp'\n"
	    "postconf -e smtp-@N_destination_concurrency_limit=2\n"
	    "postconf -e smtp-@N_destination_rate_delay=1s\n"
	    "*echo '@D smtp-@N:' >>/etc/postfix/slow-@N\n"
	    "postmap hash:/etc/postfix/slow-@N\n"
	    "postconf -e \"transport_maps=hash:/etc/postfix/slow-@N "
	    "$(postconf -h transport_maps)\"\n"
	    "postfix reload\n",
	    "postconf -e \"transport_maps=$(postconf -h transport_maps | "
	    "sed 's,hash:/etc/postfix/slow-@N *,,')\"\n"
	    "postconf -X smtp-@N_destination_concurrency_limit "
	    "smtp-@N_destination_rate_delay\n"
	    "postconf -MX smtp-@N/unix\n"
	    "rm /etc/postfix/slow-@N /etc/postfix/slow-@N.db\n"
	    "postfix reload\n" },
	{ ACTION_SLOW_DOWN, MTA_EXIM,
	    "one connection at a time to @N, and longer retries",
	    "in the transport with driver = smtp:\n"
	    "  serialize_hosts = <; @L\n"
	    "first below \"begin retry\":\n"
	    "*@D  *  F,2h,15m; G,16h,1h,1.5; F,4d,6h\n",
	    "take these lines out again\n" },
	{ ACTION_SLOW_DOWN, MTA_SENDMAIL,
	    "a queue group of its own for @N, with one runner",
	    "in sendmail.mc, before the MAILER lines:\n"
	    "QUEUE_GROUP(`@U', `P=/var/spool/mqueue/@U, F=f, I=15m, R=1, "
	    "r=20')dnl\n"
	    "FEATURE(`queuegroup')dnl\n"
	    "in the access map:\n"
	    "*QGRP:@D\t@U\n"
	    "then make the map and sendmail.cf anew\n",
	    "take these lines out again\n" },
	{ ACTION_RETRY, MTA_POSTFIX,
	    "the MTA retries by itself; to do so now",
	    "*postqueue -j | grep '@@@D\"' | "
	    "sed 's/.*\"queue_id\": \"\\([^\"]*\\)\".*/\\1/' | "
	    "xargs -r -n1 postqueue -i\n", NULL },
	{ ACTION_RETRY, MTA_EXIM,
	    "the MTA retries by itself; to do so now",
	    "*exim -Rf @D\n", NULL },
	{ ACTION_RETRY, MTA_SENDMAIL,
	    "the MTA retries by itself; to do so now",
	    "*sendmail -qR@D\n", NULL },
	{ ACTION_SUPPRESS, MTA_POSTFIX,
	    "refuse an address before it leaves",
	    "echo 'somebody@@@D error:5.1.1 address is suppressed' "
	    ">>/etc/postfix/suppressed\n"
	    "postmap hash:/etc/postfix/suppressed\n"
	    "postconf -e \"transport_maps=hash:/etc/postfix/suppressed "
	    "$(postconf -h transport_maps)\"\n"
	    "postfix reload\n",
	    "postconf -e \"transport_maps=$(postconf -h transport_maps | "
	    "sed 's,hash:/etc/postfix/suppressed *,,')\"\n"
	    "rm /etc/postfix/suppressed /etc/postfix/suppressed.db\n"
	    "postfix reload\n" },
	{ ACTION_SUPPRESS, MTA_EXIM,
	    "refuse an address before it leaves",
	    "echo 'somebody@@@D' >>/etc/exim4/suppressed\n"
	    "first below \"begin routers\":\n"
	    "suppressed:\n"
	    "  driver = redirect\n"
	    "  condition = ${lookup{$local_part@@$domain}"
	    "lsearch{/etc/exim4/suppressed}{yes}{no}}\n"
	    "  allow_fail\n"
	    "  data = :fail: address is suppressed\n",
	    "take these lines out again\n" },
	{ ACTION_SUPPRESS, MTA_SENDMAIL,
	    "refuse an address before it leaves",
	    "in sendmail.mc, before the MAILER lines:\n"
	    "FEATURE(`blacklist_recipients')dnl\n"
	    "in the access map:\n"
	    "To:somebody@@@D\tERROR:5.1.1:550 address is suppressed\n"
	    "then make the map and sendmail.cf anew\n",
	    "take these lines out again\n" },
	{ ACTION_CHECK_BLOCKLIST, MTA_POSTFIX,
	    "hold mail for @N until the listing is gone",
	    "*echo '@D retry:4.7.1 held until our listing is gone' "
	    ">>/etc/postfix/hold-@N\n"
	    "postmap hash:/etc/postfix/hold-@N\n"
	    "postconf -e \"transport_maps=hash:/etc/postfix/hold-@N "
	    "$(postconf -h transport_maps)\"\n"
	    "postfix reload\n",
	    "postconf -e \"transport_maps=$(postconf -h transport_maps | "
	    "sed 's,hash:/etc/postfix/hold-@N *,,')\"\n"
	    "rm /etc/postfix/hold-@N /etc/postfix/hold-@N.db\n"
	    "postfix reload\n" },
	{ ACTION_CHECK_BLOCKLIST, MTA_EXIM,
	    "hold mail for @N until the listing is gone",
	    "in the main section:\n"
	    "hold_domains = @C\n",
	    "take this line out again\n" },
	{ ACTION_CHECK_BLOCKLIST, MTA_SENDMAIL,
	    "hold what waits for @N until the listing is gone",
	    "*sendmail -Q'held until our listing is gone' -qR@D\n",
	    "*sendmail -qQ -Q -qR@D\n" },
	{ ACTION_RESEND_LATER, MTA_POSTFIX,
	    "try full mailboxes and failing servers again by itself",
	    "echo '/^5(\\.(2\\.2|3\\.[0-2]) .*)$/ 4${1}' "
	    ">/etc/postfix/keep-trying\n"
	    "postconf -e "
	    "smtp_delivery_status_filter=regexp:/etc/postfix/keep-trying\n"
	    "postfix reload\n",
	    "postconf -X smtp_delivery_status_filter\n"
	    "rm /etc/postfix/keep-trying\n"
	    "postfix reload\n" },
	{ ACTION_RESEND_LATER, MTA_EXIM,
	    "let the bounce hold the whole message, to send it again",
	    "in the main section:\n"
	    "bounce_return_size_limit = 50M\n",
	    "take this line out again\n" },
	{ ACTION_RESEND_LATER, MTA_SENDMAIL,
	    "a copy of each bounce for the postmaster, to send it again",
	    "in sendmail.mc, before the MAILER lines:\n"
	    "define(`confCOPY_ERRORS_TO', `postmaster')dnl\n"
	    "then make sendmail.cf anew\n",
	    "take this line out again\n" },
	{ ACTION_FIX_MESSAGE, MTA_POSTFIX,
	    "a copy of each bounce for the postmaster, to see the message",
	    "postconf -e 'notify_classes=bounce, resource, software'\n"
	    "postfix reload\n",
	    "postconf -X notify_classes\n"
	    "postfix reload\n" },
	{ ACTION_FIX_MESSAGE, MTA_EXIM,
	    "a copy of each bounce for the postmaster, to see the message",
	    "in the main section:\n"
	    "errors_copy = *@@* postmaster\n",
	    "take this line out again\n" },
	{ ACTION_FIX_MESSAGE, MTA_SENDMAIL,
	    "a copy of each bounce for the postmaster, to see the message",
	    "in sendmail.mc, before the MAILER lines:\n"
	    "define(`confCOPY_ERRORS_TO', `postmaster')dnl\n"
	    "then make sendmail.cf anew\n",
	    "take this line out again\n" },
	{ ACTION_FIX_AUTH, MTA_POSTFIX,
	    "sign what leaves, with a milter such as opendkim on port 8891",
	    "postconf -e smtpd_milters=inet:127.0.0.1:8891 "
	    "non_smtpd_milters=inet:127.0.0.1:8891 "
	    "milter_default_action=accept\n"
	    "postfix reload\n",
	    "postconf -X smtpd_milters non_smtpd_milters "
	    "milter_default_action\n"
	    "postfix reload\n" },
	{ ACTION_FIX_AUTH, MTA_EXIM,
	    "sign what leaves, where there is a key for the domain",
	    "in the transport with driver = smtp:\n"
	    "  dkim_domain = ${lc:${domain:$h_from:}}\n"
	    "  dkim_selector = mail\n"
	    "  dkim_private_key = ${if exists{/etc/exim4/dkim/"
	    "$dkim_domain.pem}{/etc/exim4/dkim/$dkim_domain.pem}{0}}\n",
	    "take these lines out again\n" },
	{ ACTION_FIX_AUTH, MTA_SENDMAIL,
	    "sign what leaves, with a milter such as opendkim on port 8891",
	    "in sendmail.mc, before the MAILER lines:\n"
	    "INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@@127.0.0.1')dnl\n"
	    "then make sendmail.cf anew\n",
	    "take this line out again\n" },
	{ ACTION_INVESTIGATE, MTA_POSTFIX, "what they answered of late",
	    "*grep 'to=<[^>]*@@@D>' /var/log/mail.log | tail\n", NULL },
	{ ACTION_INVESTIGATE, MTA_EXIM, "what they answered of late",
	    "*exigrep '@@@D' /var/log/exim4/mainlog | tail\n", NULL },
	{ ACTION_INVESTIGATE, MTA_SENDMAIL, "what they answered of late",
	    "*grep 'to=[^ ]*@@@D' /var/log/mail.log | tail\n", NULL },
	{ ACTION_FIX_CONFIG, MTA_POSTFIX, "where to look",
	    "postconf -n myhostname smtp_helo_name smtp_bind_address "
	    "relayhost transport_maps\n"
	    "postconf -n smtp_sasl_auth_enable smtp_sasl_password_maps "
	    "smtp_tls_security_level\n", NULL },
	{ ACTION_FIX_CONFIG, MTA_EXIM, "where to look",
	    "exim -bP primary_hostname\n"
	    "*exim -bt postmaster@@@D\n", NULL },
	{ ACTION_FIX_CONFIG, MTA_SENDMAIL, "where to look",
	    "sendmail -d0.1 -bt </dev/null\n"
	    "*echo '3,0 postmaster@@@D' | sendmail -bt\n", NULL },
};

const size_t remedy_count = sizeof(remedy_table) / sizeof(*remedy_table);
