#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reason_codes.h"
#include "reason_text.h"

struct example {
	const char		*rule;
	uint16_t		 code;
	struct enhanced		 enhanced;
	const char		*text;
};

static const struct example by_rule[] = {
#include "reason_replies.def"
};

/* The order of what speaks: tag, phrase, code, vague phrase, basic code. */
static const struct {
	uint16_t		 code;
	struct enhanced		 enhanced;
	enum provider_id	 provider;
	enum reason		 reason;
	enum action		 action;
	const char		*text, *detail;
} precedence[] = {
	{ 552, { 5, 1, 1 }, 0, REASON_MAILBOX_FULL, ACTION_RESEND_LATER,
	    "552 5.1.1 Boite du destinataire pleine. Overquota. OFR_417 [417]",
	    "OFR_417" },
	{ 550, { 5, 1, 1 }, 0, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "550 5.1.1 <a@b.example> has sent to too many people. IB607",
	    "IB607" },
	{ 452, { 4, 1, 1 }, 0, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "452 4.1.1 <a@b.example> too many recent messages", "" },
	{ 550, { 5, 4, 1 }, PROVIDER_MICROSOFT365, REASON_BAD_RECIPIENT,
	    ACTION_SUPPRESS, "550 5.4.1 Recipient address rejected: "
	    "Access denied", "" },
	{ 553, { 5, 7, 1 }, 0, REASON_BAD_RECIPIENT, ACTION_SUPPRESS,
	    "553 5.7.1 sorry, no mailbox here by that name", "" },
	{ 550, { 5, 0, 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 5.0.0 Mailbox unavailable", "" },
	/* of Postfix' own, for a server that writes no enhanced codes */
	{ 550, { 5, 0, 0 }, 0, REASON_BAD_RECIPIENT, ACTION_SUPPRESS,
	    "550 Requested action not taken: mailbox unavailable", "" },
	{ 550, { 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 Requested action not taken: mailbox unavailable, for more "
	    "about it see our pages", "" },
	{ 553, { 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE, "553 No", "" },
	{ 554, { 5, 7, 1 }, 0, REASON_ROUTING, ACTION_FIX_CONFIG,
	    "554 5.7.1 <a@b.example>: Relay access denied", "" },
	{ 550, { 5, 7, 1 }, 0, REASON_BAD_MESSAGE, ACTION_FIX_MESSAGE,
	    "550 5.7.1 This message is not RFC 5322 compliant. To reduce the "
	    "amount of spam, it was blocked", "" },
	{ 421, { 4, 7, 26 }, PROVIDER_GOOGLE, REASON_AUTH_FAIL,
	    ACTION_FIX_AUTH, "421 4.7.26 This mail has been rate limited", "" },
	{ 421, { 4, 7, 29 }, PROVIDER_GOOGLE, REASON_TLS, ACTION_FIX_CONFIG,
	    "421 4.7.29 This mail has been rate limited", "" },
	{ 421, { 4, 7, 1 }, 0, REASON_REPUTATION, ACTION_CHECK_BLOCKLIST,
	    "421 4.7.1 [TSS09] Retrying will NOT succeed", "TSS09" },
	{ 554, { 5, 2, 122 }, 0, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "554 5.2.122 The recipient has exceeded their limit per hour", "" },
	{ 451, { 4, 7, 1 }, 0, REASON_GREYLIST, ACTION_RETRY,
	    "451 4.7.1 Greylisted for 5 minutes", "" },
	{ 451, { 4, 7, 1 }, 0, REASON_SERVER_ERROR, ACTION_RETRY,
	    "451 4.7.1 Service unavailable", "" },
	{ 552, { 5, 3, 4 }, 0, REASON_TOO_LARGE, ACTION_FIX_MESSAGE,
	    "552 5.3.4", "" },
	{ 552, { 5, 2, 2 }, 0, REASON_MAILBOX_FULL, ACTION_RESEND_LATER,
	    "552 5.2.2", "" },
	{ 450, { 4, 7, 1 }, 0, REASON_BAD_SENDER, ACTION_FIX_CONFIG,
	    "450 4.7.1 Client host rejected: cannot find your hostname", "" },
	{ 450, { 4, 2, 0 }, 0, REASON_BAD_SENDER, ACTION_FIX_CONFIG,
	    "450 4.2.0 Sender address rejected: Domain not found", "" },
	{ 550, { 5, 2, 0 }, 0, REASON_BAD_DOMAIN, ACTION_SUPPRESS,
	    "550 5.2.0 Recipient address rejected: Domain not found", "" },
	{ 421, { 0 }, PROVIDER_GOOGLE, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "421", "" },
	{ 421, { 0 }, 0, REASON_SERVER_ERROR, ACTION_RETRY, "421", "" },
	{ 554, { 5, 7, 1 }, 0, REASON_REPUTATION, ACTION_CHECK_BLOCKLIST,
	    "554 5.7.1 Client host [192.0.2.1] blocked using "
	    "zen.spamhaus.org; see it", "zen.spamhaus.org" },
	{ 550, { 5, 7, 1 }, 0, REASON_REPUTATION, ACTION_CHECK_BLOCKLIST,
	    "550 5.7.1 messages from [192.0.2.1] weren't sent (S3150).",
	    "S3150" },
	{ 0, { 4, 4, 1 }, 0, REASON_NETWORK, ACTION_RETRY,
	    "connect to mx.a.example[192.0.2.1]:25: Connection refused", "" },
	{ 550, { 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 Zxcv qwer tyui", "" },
	{ 550, { 0 }, 0, REASON_BAD_RECIPIENT, ACTION_SUPPRESS, "550", "" },
	/* 450 and 452 mean many things, 554 what its text says */
	{ 450, { 4, 7, 1 }, 0, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "450 4.7.1 Too many messages from you, try again later", "" },
	{ 450, { 4, 7, 1 }, 0, REASON_GREYLIST, ACTION_RETRY,
	    "450 4.7.1 Greylisted, try again later", "" },
	{ 450, { 4, 1, 1 }, 0, REASON_BAD_RECIPIENT, ACTION_RETRY,
	    "450 4.1.1 <a@b.example>: User unknown", "" },
	{ 452, { 4, 5, 3 }, 0, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "452 4.5.3 Too many recipients", "" },
	{ 452, { 4, 3, 1 }, 0, REASON_SERVER_ERROR, ACTION_RETRY,
	    "452 4.3.1 Insufficient system storage", "" },
	{ 452, { 4, 2, 2 }, 0, REASON_MAILBOX_FULL, ACTION_RETRY,
	    "452 4.2.2 Over quota", "" },
	{ 554, { 0 }, 0, REASON_BAD_RECIPIENT, ACTION_SUPPRESS,
	    "554 No such user here", "" },
	{ 554, { 0 }, 0, REASON_CONTENT, ACTION_FIX_MESSAGE,
	    "554 Message contains a virus", "" },
	{ 554, { 0 }, 0, REASON_BAD_SENDER, ACTION_FIX_CONFIG,
	    "554 You have no reverse DNS", "" },
	/* 5xx that may pass, 4xx that will not */
	{ 550, { 0 }, 0, REASON_RATE_LIMIT, ACTION_SLOW_DOWN,
	    "550 Sender frequency limited", "" },
	{ 554, { 5, 2, 2 }, 0, REASON_MAILBOX_FULL, ACTION_RESEND_LATER,
	    "554 5.2.2 Mailbox full", "" },
	{ 550, { 0 }, 0, REASON_SERVER_ERROR, ACTION_RESEND_LATER,
	    "550 Internal server error", "" },
	/* whose domain does not exist? */
	{ 550, { 5, 1, 2 }, 0, REASON_BAD_DOMAIN, ACTION_SUPPRESS,
	    "550 5.1.2 Domain does not exist", "" },
	{ 550, { 5, 1, 8 }, 0, REASON_BAD_SENDER, ACTION_FIX_CONFIG,
	    "550 5.1.8 Domain does not exist", "" },
	{ 550, { 0 }, 0, REASON_BAD_SENDER, ACTION_FIX_CONFIG,
	    "550 Domain of sender does not exist", "" },
	{ 550, { 5, 7, 1 }, 0, REASON_AUTH_FAIL, ACTION_FIX_AUTH,
	    "550 5.7.1 DMARC: domain does not exist in DNS, rejected", "" },
	/* codes that others use for everything */
	{ 550, { 5, 7, 1 }, 0, REASON_CONTENT, ACTION_FIX_MESSAGE,
	    "550 5.7.1 Message identified as spam", "" },
	{ 550, { 5, 7, 1 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 5.7.1 Rejected due to policy", "" },
	{ 550, { 5, 7, 26 }, 0, REASON_AUTH_FAIL, ACTION_FIX_AUTH,
	    "550-5.7.26 Your email has been blocked because the sender is "
	    "550 5.7.26 unauthenticated", "" },
	{ 554, { 0 }, 0, REASON_REPUTATION, ACTION_CHECK_BLOCKLIST,
	    "554 Rejected for policy reasons. Your IP is listed in a "
	    "blacklist", "" },
	{ 550, { 5, 1, 1 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 5.1.1 <a@b.example> policy error", "" },
	/* nobody is suppressed for what is not about him */
	{ 550, { 5, 0, 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 5.0.0 <a@b.example>... No permit", "" },
	{ 550, { 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 host name of 192.0.2.1 does not match its address", "" },
	{ 550, { 0 }, 0, REASON_POLICY, ACTION_INVESTIGATE, "550 No access",
	    "" },
	{ 535, { 5, 7, 8 }, 0, REASON_LOGIN, ACTION_FIX_CONFIG,
	    "535 5.7.8 Account is locked", "" },
	{ 503, { 0 }, 0, REASON_PROTOCOL, ACTION_FIX_CONFIG,
	    "503 No valid recipients", "" },
	{ 550, { 5, 1, 7 }, 0, REASON_BAD_SENDER, ACTION_FIX_CONFIG,
	    "550 5.1.7 Invalid address", "" },
	{ 550, { 5, 2, 3 }, 0, REASON_TOO_LARGE, ACTION_FIX_MESSAGE,
	    "550 5.2.3 Not valid, says <a@b.example>", "" },
	{ 550, { 5, 7, 1 }, 0, REASON_POLICY, ACTION_INVESTIGATE,
	    "550 5.7.1 The file in this mail is not valid", "" },
	{ 0, { 0 }, 0, REASON_UNKNOWN, ACTION_RETRY, "", "" },
};

/* RFC 5321 4.2.3 */
static const struct {
	uint16_t	 code;
	enum reason	 reason;
	const char	*text;
} stock[] = {
	{ 421, REASON_SERVER_ERROR, "421 Service not available, closing "
	    "transmission channel" },
	{ 450, REASON_SERVER_ERROR, "450 Requested mail action not taken: "
	    "mailbox unavailable" },
	{ 451, REASON_SERVER_ERROR, "451 Requested action aborted: local "
	    "error in processing" },
	{ 452, REASON_SERVER_ERROR, "452 Requested action not taken: "
	    "insufficient system storage" },
	{ 500, REASON_PROTOCOL, "500 Syntax error, command unrecognized" },
	{ 501, REASON_PROTOCOL, "501 Syntax error in parameters or "
	    "arguments" },
	{ 502, REASON_PROTOCOL, "502 Command not implemented" },
	{ 503, REASON_PROTOCOL, "503 Bad sequence of commands" },
	{ 504, REASON_PROTOCOL, "504 Command parameter not implemented" },
	{ 550, REASON_BAD_RECIPIENT, "550 Requested action not taken: "
	    "mailbox unavailable" },
	{ 551, REASON_BAD_RECIPIENT, "551 User not local; please try "
	    "<forward-path>" },
	{ 552, REASON_MAILBOX_FULL, "552 Requested mail action aborted: "
	    "exceeded storage allocation" },
	{ 553, REASON_BAD_RECIPIENT, "553 Requested action not taken: "
	    "mailbox name not allowed" },
	{ 554, REASON_POLICY, "554 Transaction failed" },
};

static struct diagnosis
diagnose(uint16_t code, struct enhanced enhanced, enum provider_id provider,
    const char *text)
{
	struct diagnosis	d;
	struct reply		reply = { code, enhanced };

	reason_diagnose(&reply, provider, view_of(text), &d);
	return d;
}

static void
each_rule_decides(void **state)
{
	size_t	i;
	int	bad = 0;

	(void)state;
	for (i = 0; i < sizeof(by_rule) / sizeof(*by_rule); i++) {
		const struct example	*e = &by_rule[i];
		struct diagnosis	 d = diagnose(e->code, e->enhanced,
					    PROVIDER_OTHER, e->text);

		if (strcmp(d.rule, e->rule) == 0)
			continue;
		printf("%s: got %s, want %s\n", e->text, d.rule, e->rule);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static void
no_rule_without_reply(void **state)
{
	size_t	i, k;
	int	bad = 0;

	(void)state;
	for (i = 0; i < reason_rule_count; i++) {
		for (k = 0; k < sizeof(by_rule) / sizeof(*by_rule); k++)
			if (strcmp(reason_rules[i].name, by_rule[k].rule) == 0)
				break;
		if (k < sizeof(by_rule) / sizeof(*by_rule))
			continue;
		printf("%s: no reply in the test\n", reason_rules[i].name);
		bad++;
	}
	assert_int_equal(bad, 0);
}

/* Each row is the first for one of its codes at least. */
static void
each_code_row_decides(void **state)
{
	size_t	i;
	int	bad = 0;

	(void)state;
	for (i = 0; i < reason_code_rule_count; i++) {
		const struct reason_code_rule	*r = &reason_code_rules[i];
		struct reply			 reply = { 0,
						    { 5, r->subject, 0 } };
		unsigned			 n;
		bool				 hit = false;

		for (n = r->first; n <= r->last && !hit; n++) {
			reply.enhanced.detail = (uint16_t)n;
			hit = reason_code_find(&reply, r->provider) == r;
		}
		if (hit)
			continue;
		printf("%s: never reached\n", r->name);
		bad++;
	}
	for (i = 0; i < reason_basic_rule_count; i++) {
		const struct reason_basic_rule	*r = &reason_basic_rules[i];
		uint16_t			 n = r->first;

		while (n < r->last && reason_basic_find(n, r->provider) != r)
			n++;
		assert_ptr_equal(reason_basic_find(n, r->provider), r);
	}
	assert_int_equal(bad, 0);
}

static void
stronger_evidence_wins(void **state)
{
	size_t	i;
	int	bad = 0;

	(void)state;
	for (i = 0; i < sizeof(precedence) / sizeof(*precedence); i++) {
		struct diagnosis	d = diagnose(precedence[i].code,
					    precedence[i].enhanced,
					    precedence[i].provider,
					    precedence[i].text);

		if (d.reason == precedence[i].reason &&
		    d.action == precedence[i].action &&
		    view_eq(d.detail, view_of(precedence[i].detail)))
			continue;
		printf("%s: got %s %s \"%.*s\" by %s, want %s %s \"%s\"\n",
		    precedence[i].text, reason_name(d.reason),
		    action_name(d.action), (int)d.detail.n,
		    d.detail.n == 0 ? "" : d.detail.p, d.rule,
		    reason_name(precedence[i].reason),
		    action_name(precedence[i].action), precedence[i].detail);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static void
stock_texts(void **state)
{
	struct diagnosis	d;
	size_t			i;
	int			bad = 0;

	(void)state;
	for (i = 0; i < sizeof(stock) / sizeof(*stock); i++) {
		d = diagnose(stock[i].code, (struct enhanced){ 0 },
		    PROVIDER_OTHER, stock[i].text);
		if (d.reason == stock[i].reason)
			continue;
		printf("%s: got %s by %s, want %s\n", stock[i].text,
		    reason_name(d.reason), d.rule,
		    reason_name(stock[i].reason));
		bad++;
	}
	assert_int_equal(bad, 0);
}

/* Cut anywhere, kept in memory of its own size: nothing beyond is read. */
static void
cut_at_any_byte(void **state)
{
	static const char	text[] = "550-5.7.1 <a@b.example>: "
	    "Empf\303\244nger existiert nicht \320\237\320\276 \350\256\270 "
	    "see https://a.example/?p=NoSuchUser OFR_416 1.2.3.4 5.7.";
	struct reply		reply = { 550, { 5, 7, 1 } };
	size_t			n;

	(void)state;
	for (n = 0; n < sizeof(text); n++) {
		char			*copy = malloc(n == 0 ? 1 : n);
		struct diagnosis	 d;

		assert_non_null(copy);
		memcpy(copy, text, n);
		reason_diagnose(&reply, PROVIDER_OTHER,
		    (struct view){ copy, n }, &d);
		assert_true(d.reason > REASON_NONE && d.reason < REASON_COUNT);
		free(copy);
	}
}

/* However long, only so much is read, and it fits. */
static void
hostile_texts(void **state)
{
	static const char *const	unit[] = {
		"a. ", "a b. ", "1.", "x", "a-", "a_1", "@", "http://", "\303",
		"\343\200\202", "\344a", "\344a\303\227", "too many ",
		"user unknown ", "<>", "'"
	};
	struct reply			reply = { 550, { 5, 7, 1 } };
	char				text[4096];
	size_t				i, n;

	(void)state;
	for (i = 0; i < sizeof(unit) / sizeof(*unit); i++) {
		struct diagnosis	d;
		size_t			len = strlen(unit[i]);

		for (n = 0; n + len <= sizeof(text); n += len)
			memcpy(text + n, unit[i], len);
		reason_diagnose(&reply, PROVIDER_OTHER,
		    (struct view){ text, n }, &d);
		assert_in_range(d.reason, REASON_NONE + 1, REASON_COUNT - 1);
	}
}

static void
folds(void **state)
{
	static const struct {
		const char	*text, *want;
	} cases[] = {
		{ "550 5.1.1 <a@b.example>... User unknown",
		    " @ user unknown " },
		{ "Bo\303\256te pleine; rate-limited, isn't it",
		    " boite pleine rate limited isn t it " },
		{ "It is so. And [192.0.2.1] too!", " it is so \n and # too \n " },
		{ "see http://A.example/x?y=Z_1", " see http...a.example.x.y.z_1 " },
		{ "\346\234\252SPF\345\244\261",
		    " \346\234\252 spf\345\244\261 " },
		{ "\320\237\320\276\320\273", " \320\277\320\276\320\273 " },
	};
	struct reason_text	t;
	size_t			i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		reason_fold(view_of(cases[i].text), 550, &t);
		assert_int_equal(t.n, strlen(cases[i].want));
		assert_memory_equal(t.byte, cases[i].want, t.n);
	}
}

static void
names(void **state)
{
	int	i;

	(void)state;
	for (i = 0; i < REASON_COUNT; i++)
		assert_int_equal(reason_by_name(view_of(reason_name(i))), i);
	assert_int_equal(reason_by_name(VIEW("rate")), -1);
	assert_int_equal(reason_action(REASON_MAILBOX_FULL, CLASS_5XX),
	    ACTION_RESEND_LATER);
	assert_int_equal(reason_action(REASON_BAD_RECIPIENT, CLASS_4XX),
	    ACTION_RETRY);
	assert_string_equal(action_name(ACTION_SLOW_DOWN), "slow-down");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(folds),
		cmocka_unit_test(each_rule_decides),
		cmocka_unit_test(no_rule_without_reply),
		cmocka_unit_test(each_code_row_decides),
		cmocka_unit_test(stronger_evidence_wins),
		cmocka_unit_test(stock_texts),
		cmocka_unit_test(cut_at_any_byte),
		cmocka_unit_test(hostile_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
