#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "user_reason.h"

/* Enough for honest patterns on 1 KiB; about a tenth of a millisecond. */
enum {
	MATCH_LIMIT = 10000,
	DEPTH_LIMIT = 200,
	HEAP_LIMIT_KIB = 256
};

struct user_rule {
	const struct config_reason	*config;
	struct enhanced			 enhanced;	/* class 0: any */
	pcre2_code			*code;		/* NULL: any text */
	pcre2_match_data		*data;
	pcre2_match_context		*context;
	bool				 off;
};

static int	compile(struct user_rule *, char error[CONFIG_ERROR_BYTES]);
static bool	holds(struct user_reasons *, struct user_rule *,
		    const struct reply *, const char *provider, struct view);
static bool	matches(struct user_reasons *, struct user_rule *,
		    struct view);

int
user_reason_init(struct user_reasons *u, const struct config *config,
    char error[CONFIG_ERROR_BYTES])
{
	*u = (struct user_reasons){ 0 };
	if (config->reason_count == 0)
		return 0;
	u->rule = calloc(config->reason_count, sizeof(*u->rule));
	if (u->rule == NULL) {
		snprintf(error, CONFIG_ERROR_BYTES, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < config->reason_count; i++) {
		struct user_rule	*r = &u->rule[u->count++];
		struct view		 enhanced;

		r->config = &config->reason[i];
		enhanced = view_of(r->config->enhanced);
		reply_take_enhanced(&enhanced, &r->enhanced);
		if (r->config->match != NULL && compile(r, error) == -1) {
			user_reason_fini(u);
			return -1;
		}
	}
	return 0;
}

void
user_reason_fini(struct user_reasons *u)
{
	for (size_t i = 0; i < u->count; i++) {
		pcre2_match_context_free(u->rule[i].context);
		pcre2_match_data_free(u->rule[i].data);
		pcre2_code_free(u->rule[i].code);
	}
	free(u->rule);
	*u = (struct user_reasons){ 0 };
}

bool
user_reason_find(struct user_reasons *u, const struct reply *reply,
    const char *provider, struct view text, struct diagnosis *out)
{
	for (size_t i = 0; i < u->count; i++) {
		struct user_rule	*r = &u->rule[i];

		if (r->off || !holds(u, r, reply, provider, text))
			continue;
		*out = (struct diagnosis){
			.reason = r->config->reason,
			.action = reason_action(r->config->reason,
			    reply_class_of(reply)),
			.rule = r->config->name
		};
		return true;
	}
	return false;
}

static int
compile(struct user_rule *r, char error[CONFIG_ERROR_BYTES])
{
	PCRE2_UCHAR	message[128];
	PCRE2_SIZE	at;
	int		err;

	r->code = pcre2_compile((PCRE2_SPTR)r->config->match,
	    PCRE2_ZERO_TERMINATED, 0, &err, &at, NULL);
	if (r->code == NULL) {
		pcre2_get_error_message(err, message, sizeof(message));
		snprintf(error, CONFIG_ERROR_BYTES, "reason \"%s\": match: "
		    "%s, in column %zu", r->config->name,
		    (const char *)message, at + 1);
		return -1;
	}
	/* one pair: we ask whether, not where */
	r->data = pcre2_match_data_create(1, NULL);
	r->context = pcre2_match_context_create(NULL);
	if (r->data == NULL || r->context == NULL) {
		snprintf(error, CONFIG_ERROR_BYTES, "out of memory");
		return -1;
	}
	pcre2_set_match_limit(r->context, MATCH_LIMIT);
	pcre2_set_depth_limit(r->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->context, HEAP_LIMIT_KIB);
	/* the library takes its working memory at the first match, and keeps it */
	pcre2_match(r->code, (PCRE2_SPTR)"", 0, 0, PCRE2_NO_JIT, r->data,
	    r->context);
	return 0;
}

static bool
holds(struct user_reasons *u, struct user_rule *r, const struct reply *reply,
    const char *provider, struct view text)
{
	const struct config_reason	*c = r->config;

	if (c->code != 0 && c->code != reply->code)
		return false;
	if (r->enhanced.class != 0 &&
	    !enhanced_eq(r->enhanced, reply->enhanced))
		return false;
	if (c->provider != NULL &&
	    (provider == NULL || strcmp(c->provider, provider) != 0))
		return false;
	return r->code == NULL || matches(u, r, text);
}

static bool
matches(struct user_reasons *u, struct user_rule *r, struct view text)
{
	int	rc;

	text = view_sub(text, 0, USER_REASON_BYTES);
	rc = pcre2_match(r->code, (PCRE2_SPTR)(text.n == 0 ? "" : text.p),
	    text.n, 0, PCRE2_NO_JIT, r->data, r->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return false;
	if (rc < 0) {
		r->off = true;
		u->off++;
	}
	return rc >= 0;
}
