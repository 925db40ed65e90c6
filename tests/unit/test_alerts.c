#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "alerts.h"

enum { START = 29893000, CALM = 400, PROVIDERS = 4, TENANTS = 4, WAYS = 2 };

/* Who fails now; -1 stands for everybody. */
struct trouble {
	int		provider, tenant, egress;
	unsigned	of_ten;		/* so many fail */
	uint16_t	code;
	enum reason	reason;
};

static const uint16_t	providers[PROVIDERS] = {
	PROVIDER_GOOGLE, PROVIDER_YAHOO, PROVIDER_OUTLOOK, PROVIDER_ICLOUD
};
static const char *const tenant_names[] = { "other", "shop.example",
	"bank.example", "club.example" };
static const char *const egress_names[] = { "default", "out2" };

static struct config_rule rules_[1];
static struct config	config;
static struct alerts	a;
static int64_t		minute;
static uint64_t		message;
static uint64_t		waiting;

static const char *
provider_text(void *arg, uint16_t id)
{
	static char	text[16];

	(void)arg;
	snprintf(text, sizeof(text), "p%u", id);
	return text;
}

static const char *
tenant_text(void *arg, uint16_t id)
{
	(void)arg;
	return tenant_names[id];
}

static const char *
egress_text(void *arg, uint16_t id)
{
	(void)arg;
	return egress_names[id];
}

static void
facts(void *arg, uint16_t provider, struct alert_facts *out)
{
	(void)arg;
	(void)provider;
	out->waiting = waiting;
	out->oldest_deferred = waiting > 0 ? 60 * minute : 0;
}

static void
begin(const struct config_rule *rule)
{
	const struct alert_ties	ties = { .names = { provider_text, tenant_text,
				    egress_text, NULL }, .facts = facts };

	config = (struct config){ .spike_sensitivity = SPIKE_NORMAL };
	if (rule != NULL) {
		rules_[0] = *rule;
		config.rule = rules_;
		config.rule_count = 1;
	}
	minute = START;
	message = 1;
	waiting = 0;
	assert_int_equal(alerts_init(&a, &config, &ties), 0);
}

static int
teardown(void **state)
{
	(void)state;
	alerts_fini(&a);
	return 0;
}

static void
mail(int p, int t, int e, const struct trouble *x)
{
	struct mail_event	ev = { .kind = EVENT_DELIVERY, .attempt = true,
				    .mta = MTA_POSTFIX, .time = 60 * minute,
				    .outcome = OUTCOME_DELIVERED,
				    .queue_id = VIEW("4F1"),
				    .text = VIEW("421 no") };
	struct verdict		v = { .event = &ev, .provider = providers[p],
				    .tenant = (uint16_t)t, .recipients = 1,
				    .egress = (uint16_t)e, .class = CLASS_2XX,
				    .message = ++message };

	if (x != NULL) {
		ev.outcome = x->code / 100 == 5 ? OUTCOME_BOUNCED :
		    OUTCOME_DEFERRED;
		v.class = x->code / 100 == 5 ? CLASS_5XX : CLASS_4XX;
		v.reply.code = x->code;
		v.diagnosis.reason = x->reason;
	}
	alerts_note(&a, &v);
}

/* A minute of mail, two of each kind, and who is in trouble. */
static void
pass(int minutes, const struct trouble *x)
{
	static const struct trouble usual = { -1, -1, -1, 0, 450,
					REASON_GREYLIST };
	uint64_t	n = 0;

	for (; minutes > 0; minutes--, minute++) {
		for (int k = 0; k < PROVIDERS * TENANTS * WAYS * 2; k++) {
			int	p = k % PROVIDERS, t = k / PROVIDERS % TENANTS;
			int	e = k / PROVIDERS / TENANTS % WAYS;
			bool	ill = x != NULL && (x->provider == -1 ||
				    x->provider == p) && (x->tenant == -1 ||
				    x->tenant == t) && (x->egress == -1 ||
				    x->egress == e) &&
				    n++ * 7 % 10 < x->of_ten;

			mail(p, t, e, ill ? x : message % 101 == 0 ? &usual :
			    NULL);
		}
		alerts_minute(&a, minute);
	}
}

/* The only incident there is; NULL: none. */
static const struct incident *
only(void)
{
	const struct incident	*i, *found = NULL;
	size_t			 at = 0;

	while ((i = alerts_next(&a, &at, 0)) != NULL) {
		assert_null(found);
		found = i;
	}
	return found;
}

static void
test_who_is_to_blame(void **state)
{
	static const struct {
		struct trouble		trouble;
		enum incident_cause	cause;
		enum incident_scope	scope;
		const char		*provider, *tenant, *egress;
	} cases[] = {
		{ { 0, -1, -1, 6, 421, REASON_RATE_LIMIT }, CAUSE_PROVIDER,
		    SCOPE_ISOLATED, "p", NULL, NULL },
		{ { -1, 2, -1, 8, 550, REASON_BAD_RECIPIENT }, CAUSE_TENANT,
		    SCOPE_ALL, "", "bank.example", NULL },
		{ { -1, -1, 1, 9, 550, REASON_REPUTATION }, CAUSE_EGRESS,
		    SCOPE_ALL, "", NULL, "out2" },
		{ { -1, -1, 0, 9, 550, REASON_REPUTATION }, CAUSE_EGRESS,
		    SCOPE_ALL, "", NULL, "default" },
		{ { -1, -1, -1, 10, 0, REASON_NETWORK }, CAUSE_SELF,
		    SCOPE_ALL, "", NULL, NULL },
		{ { 2, 1, -1, 9, 550, REASON_CONTENT }, CAUSE_TENANT,
		    SCOPE_ISOLATED, "p", "shop.example", NULL }
	};
	const struct incident	*in;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(NULL);
		pass(CALM, NULL);
		assert_null(only());
		pass(10, &cases[i].trouble);
		in = only();
		assert_non_null(in);
		assert_true(in->firing);
		assert_int_equal(in->cause, cases[i].cause);
		assert_int_equal(in->scope, cases[i].scope);
		assert_int_equal(in->provider[0], cases[i].provider[0]);
		if (cases[i].tenant != NULL)
			assert_string_equal(in->tenant[0].name,
			    cases[i].tenant);
		if (cases[i].egress != NULL)
			assert_string_equal(in->egress[0].name,
			    cases[i].egress);
		pass(60, NULL);
		assert_false(only()->firing);
		alerts_fini(&a);
	}
	begin(NULL);
}

static void
test_a_blip_is_nothing(void **state)
{
	const struct trouble	all = { -1, -1, -1, 10, 421,
				    REASON_RATE_LIMIT };

	(void)state;
	begin(NULL);
	pass(CALM, NULL);
	pass(2, &all);
	pass(60, NULL);
	assert_null(only());
}

static void
test_flapping_is_one_episode(void **state)
{
	const struct trouble	slow = { 0, -1, -1, 6, 421,
				    REASON_RATE_LIMIT };
	uint64_t		id;
	int64_t			onset;

	(void)state;
	begin(NULL);
	pass(CALM, NULL);
	pass(15, &slow);
	id = only()->id;
	onset = only()->onset;
	pass(40, NULL);
	assert_false(only()->firing);
	pass(15, &slow);
	assert_true(only()->firing);
	assert_int_equal(only()->id, id);
	assert_int_equal(only()->onset, onset);
	assert_int_equal(only()->flaps, 1);
	assert_false(only()->flapping);
	pass(40, NULL);
	pass(15, &slow);
	assert_int_equal(only()->id, id);
	assert_true(only()->flapping);
}

static struct config_rule
rule_421(void)
{
	return (struct config_rule){ .name = (char *)(uintptr_t)"421",
	    .enabled = true, .code = 421, .reason = -1, .severity = -1,
	    .per = PER_PROVIDER, .window_s = 300, .for_s = 120, .count = 20,
	    .ratio = 0.2, .clear_s = 300 };
}

static void
test_rule_waits_and_clears(void **state)
{
	const struct trouble	slow = { 1, -1, -1, 5, 421,
				    REASON_RATE_LIMIT };
	struct config_rule	rule = rule_421();
	int			fired = 0, lasted = 0;

	(void)state;
	begin(&rule);
	config.spike_sensitivity = SPIKE_OFF;
	pass(30, NULL);
	for (; only() == NULL && fired < 20; fired++)
		pass(1, &slow);
	/* eight of sixteen a minute: three minutes for 20, then two more */
	assert_int_equal(fired, 5);
	assert_string_equal(only()->rule, "421");
	for (; only()->firing && lasted < 30; lasted++)
		pass(1, NULL);
	/* the window holds for some minutes, then five below it */
	assert_in_range(lasted, 6, 10);
	assert_int_equal(only()->cleared_at, 60 * minute);
}

/* How many minutes an alert of the rule lasts when nothing fails any more. */
static int
rule_lasts(uint32_t window_s, uint32_t clear_s)
{
	const struct trouble	slow = { 1, -1, -1, 10, 421,
				    REASON_RATE_LIMIT };
	struct config_rule	rule = rule_421();
	int			minutes = 0;

	rule.window_s = window_s;
	rule.clear_s = clear_s;
	rule.count = 1;
	begin(&rule);
	config.spike_sensitivity = SPIKE_OFF;
	pass(30, NULL);
	pass(10, &slow);
	assert_true(only()->firing);
	for (; only()->firing && minutes < 90; minutes++)
		pass(1, NULL);
	alerts_fini(&a);
	return minutes;
}

static void
test_rule_clears_as_written(void **state)
{
	static const struct { uint32_t window_s, clear_s; int minutes; }
	    cases[] = {
		{ 60, 60, 1 }, { 60, 300, 5 }, { 60, 1800, 30 },
		{ 60, 3600, 60 }
	};
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(rule_lasts(cases[i].window_s,
		    cases[i].clear_s), cases[i].minutes);
	begin(NULL);
}

static void
test_rule_joins_the_detector(void **state)
{
	const struct trouble	slow = { 1, -1, -1, 8, 421,
				    REASON_RATE_LIMIT };
	struct config_rule	rule = rule_421();

	(void)state;
	begin(&rule);
	pass(CALM, NULL);
	pass(15, &slow);
	assert_non_null(only());
	assert_string_equal(only()->rule, "421");
	assert_true(only()->score > 0);
}

/* 550 is a bad list first, and then the blocklist that comes of it. */
static void
test_code_does_not_hide_another_reason(void **state)
{
	const struct trouble	list = { 1, -1, -1, 6, 550,
				    REASON_BAD_RECIPIENT };
	const struct trouble	listed = { 1, -1, -1, 9, 550,
				    REASON_REPUTATION };
	const struct incident	*i;
	size_t			 at = 0;
	bool			 told = false;

	(void)state;
	begin(NULL);
	pass(CALM, NULL);
	pass(15, &list);
	assert_int_equal(only()->key.reason, REASON_BAD_RECIPIENT);
	pass(15, &listed);
	while ((i = alerts_next(&a, &at, INT64_MAX)) != NULL)
		told |= i->key.reason == REASON_REPUTATION;
	assert_true(told);
}

static void
test_silence(void **state)
{
	const struct config_rule rule = { .enabled = true, .silence = true,
				    .name = (char *)(uintptr_t)"quiet",
				    .reason = -1, .severity = -1,
				    .window_s = 900 };
	int			 k, t;

	(void)state;
	begin(&rule);
	pass(26 * 60, NULL);
	assert_null(only());
	for (t = 0; t < 30; t++, minute++) {
		/* all but the first get their mail */
		for (k = 0; k < 48; k++)
			mail(1 + k % 3, k % TENANTS, 0, NULL);
		waiting = t < 20 ? 0 : 7;
		alerts_minute(&a, minute);
		if (t < 20)	/* nothing waits: they have none */
			assert_null(only());
	}
	assert_non_null(only());
	assert_true(only()->silence);
	assert_int_equal(only()->severity, SEVERITY_CRITICAL);
	pass(10, NULL);
	assert_false(only()->firing);
}

int
main(void)
{
#define T(f)	cmocka_unit_test_teardown(f, teardown)
	const struct CMUnitTest tests[] = {
		T(test_who_is_to_blame),
		T(test_a_blip_is_nothing),
		T(test_flapping_is_one_episode),
		T(test_rule_waits_and_clears),
		T(test_rule_clears_as_written),
		T(test_rule_joins_the_detector),
		T(test_code_does_not_hide_another_reason),
		T(test_silence)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
