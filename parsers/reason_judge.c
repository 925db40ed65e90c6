#include "reason_codes.h"
#include "reason_match.h"
#include "reason_text.h"

enum {
	MAX_FOUND = 200,	/* phrases of one sentence; more are dropped */
	TAG_BYTES = 64,		/* of a detail */
	STOCK_WORDS = 8		/* more than a stock phrase of RFC 5321 */
};

/* How good a decision is: the tier, then the place in the table. */
#define RANK(tier, index)	((uint32_t)(tier) << 16 | (uint32_t)(index))

struct judge {
	const struct reply	*reply;
	enum provider_id	 provider;
	unsigned		 when;		/* one WHEN_ bit */
	struct reason_text	*text;
	/* this sentence */
	uint64_t		 words;
	bool			 later;		/* it is not the first */
	/* the whole text */
	uint64_t		 all_words;
	/* the best so far */
	uint32_t		 rank;
	size_t			 tag_at, list_at;	/* folded; 0: none */
};

static unsigned		when_of(const struct reply *);
static void		read_text(struct judge *);
static void		read_sentence(struct judge *, size_t from, size_t to);
static bool		offer(struct judge *, size_t rule);
static bool		holds(const struct judge *,
			    const struct reason_rule *);
static void		decide(const struct judge *, struct diagnosis *);
static bool		by_code(const struct judge *, struct diagnosis *);
static void		by_basic_code(const struct judge *, struct diagnosis *);
static void		object(const struct judge *, struct diagnosis *);
static bool		contradicts(const struct judge *,
			    const struct reason_code_rule *, enum reason);
static bool		suppresses(enum reason);
static void		doubt(struct diagnosis *);
static bool		is_of_dialogue(const struct reply *);
static bool		says_more(const struct judge *);
static bool		is_unread(const struct judge *);
static bool		is_evasive(const struct reply *);
static struct reply	as_said(const struct reply *, struct view text);
static bool		is_of_address(const struct reply *);
static struct view	word_at(struct view text, size_t at);
static bool		is_tag(struct view);
static struct view	detail_of(const struct judge *, struct view text);

void
reason_diagnose(const struct reply *reply, enum provider_id provider,
    struct view text, struct diagnosis *out)
{
	struct reason_text	folded;
	struct reply		said = as_said(reply, text);
	struct judge		c = {
		.reply = &said, .provider = provider,
		.when = when_of(reply), .text = &folded, .rank = UINT32_MAX
	};

	reason_fold(text, reply->code, &folded);
	read_text(&c);
	*out = (struct diagnosis){ .reason = REASON_UNKNOWN };
	decide(&c, out);
	out->action = reason_action(out->reason, reply_class_of(reply));
	out->detail = detail_of(&c, text);
}

const char *
reason_source(const char *rule)
{
	size_t	i;

	for (i = 0; i < reason_rule_count; i++)
		if (strcmp(reason_rules[i].name, rule) == 0)
			return reason_rules[i].source;
	for (i = 0; i < reason_code_rule_count; i++)
		if (strcmp(reason_code_rules[i].name, rule) == 0)
			return reason_code_rules[i].source;
	for (i = 0; i < reason_basic_rule_count; i++)
		if (strcmp(reason_basic_rules[i].name, rule) == 0)
			return reason_basic_rules[i].source;
	return NULL;
}

static unsigned
when_of(const struct reply *reply)
{
	if (reply->code == 0)
		return WHEN_SILENT;
	return reply->code < 500 ? WHEN_4XX : WHEN_5XX;
}

static void
read_text(struct judge *c)
{
	const struct reason_text	*t = c->text;
	size_t				 from = 0, to;

	for (; from < t->n; from = to + 1) {
		const char	*end = memchr(t->byte + from, '\n',
				    t->n - from);

		to = end == NULL ? t->n : (size_t)(end - t->byte);
		read_sentence(c, from, to);
		c->later = true;
	}
}

static void
read_sentence(struct judge *c, size_t from, size_t to)
{
	struct reason_found	found[MAX_FOUND];
	size_t			i, n;

	n = reason_match(c->text->byte, from, to, found, MAX_FOUND);
	c->words = 0;
	for (i = 0; i < n; i++) {
		if (found[i].what >= WORD_COUNT)
			continue;
		c->words |= UINT64_C(1) << found[i].what;
		if (found[i].what == WORD_LISTNAME && c->list_at == 0)
			c->list_at = found[i].at;
	}
	c->all_words |= c->words;
	for (i = 0; i < n; i++) {
		size_t	rule = (size_t)found[i].what - WORD_COUNT;

		if (found[i].what >= WORD_COUNT && offer(c, rule) &&
		    reason_rules[rule].tier == TIER_TAG)
			c->tag_at = found[i].at;
	}
	for (i = 0; c->words != 0 && i < reason_word_rule_count; i++)
		offer(c, reason_word_rules[i]);
}

/* Take the rule if it holds and is better than what we have. */
static bool
offer(struct judge *c, size_t rule)
{
	const struct reason_rule	*r = &reason_rules[rule];
	enum reason_tier		 tier = r->tier;
	uint32_t			 rank;

	/* whoever replies can be reached, whatever he says */
	if ((tier == TIER_PHRASE || tier == TIER_HINT) && (c->later ||
	    (r->reason == REASON_NETWORK && c->reply->code != 0)))
		tier = TIER_LATER;
	rank = RANK(tier, rule);
	if (rank >= c->rank || !holds(c, r))
		return false;
	c->rank = rank;
	return true;
}

static bool
holds(const struct judge *c, const struct reason_rule *r)
{
	const struct enhanced	*e = &c->reply->enhanced;

	if ((c->words & r->all) != r->all || (c->words & r->none) != 0)
		return false;
	if (r->when != 0 && (r->when & c->when) == 0)
		return false;
	if (r->code != 0 && r->code != c->reply->code)
		return false;
	if (r->subject != 0 && (e->class == 0 || r->subject != e->subject ||
	    r->detail != e->detail))
		return false;
	return r->provider == PROVIDER_OTHER || r->provider == c->provider;
}

static void
decide(const struct judge *c, struct diagnosis *out)
{
	const struct reason_rule	*r;

	if (by_code(c, out))
		return;
	r = &reason_rules[c->rank & 0xffff];
	out->reason = r->reason;
	out->rule = r->name;
	if (!suppresses(r->reason))
		return;
	if (r->tier == TIER_VAGUE && (says_more(c) ||
	    c->text->words > STOCK_WORDS || is_evasive(c->reply)))
		doubt(out);
	else
		object(c, out);
}

/* The codes, if nothing in the text is stronger. */
static bool
by_code(const struct judge *c, struct diagnosis *out)
{
	enum reason_tier		 tier = c->rank >> 16;
	const struct reason_code_rule	*code;

	code = reason_code_find(c->reply, c->provider);
	if (code != NULL && code->tier < tier) {
		out->reason = code->reason;
		out->rule = code->name;
		if (says_more(c))
			doubt(out);
		return true;
	}
	if (tier < TIER_BASIC)
		return false;
	by_basic_code(c, out);
	return true;
}

static void
by_basic_code(const struct judge *c, struct diagnosis *out)
{
	const struct reason_basic_rule	*basic;

	basic = reason_basic_find(c->reply->code, c->provider);
	if (basic == NULL) {
		out->reason = REASON_UNKNOWN;
		out->rule = "nothing-said";
		return;
	}
	out->reason = basic->reason;
	out->rule = basic->name;
	if (says_more(c) || is_unread(c) || !is_of_address(c->reply))
		doubt(out);
}

/*
 * A phrase about the recipient, but a code that speaks of something else: of
 * the dialogue, of the sender, or of what only a hint is against.
 */
static void
object(const struct judge *c, struct diagnosis *out)
{
	const struct reason_code_rule	*code;

	code = reason_code_find(c->reply, c->provider);
	if (is_of_dialogue(c->reply)) {
		by_basic_code(c, out);
		if (code == NULL || code->subject != 5)
			return;
	} else if (code == NULL || code->tier > TIER_CODE ||
	    !contradicts(c, code, out->reason)) {
		return;
	}
	out->reason = code->reason;
	out->rule = code->name;
}

/* Which of a phrase and a specific code is to be believed? */
static bool
contradicts(const struct judge *c, const struct reason_code_rule *code,
    enum reason said)
{
	enum reason_tier	tier = c->rank >> 16;

	if (code->reason == said)
		return false;
	if (suppresses(code->reason))
		return code->reason == REASON_BAD_DOMAIN &&
		    (c->all_words & (W(DOMAIN) | W(HOST))) != 0;
	return tier >= TIER_HINT || (tier != TIER_TAG && code->subject == 1);
}

static bool
suppresses(enum reason reason)
{
	return reason_action(reason, CLASS_5XX) == ACTION_SUPPRESS;
}

/*
 * Suppressing somebody is hard to undo: 550 or a stock phrase alone is not
 * enough if the text says other things.
 */
static void
doubt(struct diagnosis *out)
{
	if (!suppresses(out->reason))
		return;
	out->reason = REASON_POLICY;
	out->rule = "in-doubt";
}

/* RFC 5321, 3207, 4954: answers to a command or a login, not about anybody. */
static bool
is_of_dialogue(const struct reply *reply)
{
	switch (reply->code) {
	case 500: case 502: case 503: case 504: case 523: case 530:
	case 534: case 535: case 538: case 555:
		return true;
	case 501:
		return !is_of_address(reply);
	default:
		return reply->enhanced.subject == 5 &&
		    reply->enhanced.detail != 0;
	}
}

/* Does the text speak of us, of the message or of their server, too? */
static bool
says_more(const struct judge *c)
{
	return (c->all_words & NOT_THEM) != 0;
}

/*
 * Did no rule understand the text, and does it not name a recipient alone?
 * 553 says the same of a sender's name.
 */
static bool
is_unread(const struct judge *c)
{
	const uint64_t	other = W(MESSAGE) | W(MANY) | W(LIMIT) | W(BLOCKED) |
			    W(REFUSED) | W(LATER) | W(TEMPORARY) | W(FORMAT) |
			    W(HOST) | W(NUMBER);

	return c->reply->code == 553 || (c->text->words > 0 &&
	    ((c->all_words & W(PERSON)) == 0 || (c->all_words & other) != 0));
}

/*
 * Who writes enhanced codes, but none about addresses, leaves open which of
 * the causes that RFC 5321 lists under 550 it was: no mailbox, no access, or
 * policy.
 */
static bool
is_evasive(const struct reply *reply)
{
	const struct enhanced	*e = &reply->enhanced;

	return e->class != 0 && (e->subject == 0 || e->subject == 7);
}

/*
 * An MTA logs x.0.0 of its own for a server that writes no enhanced codes:
 * that says nothing of the server.
 */
static struct reply
as_said(const struct reply *reply, struct view text)
{
	struct reply	said = *reply;

	if (said.code != 0 && said.enhanced.subject == 0 &&
	    said.enhanced.detail == 0 && view_search(text, VIEW(".0.0")) ==
	    text.n)
		said.enhanced = (struct enhanced){ 0 };
	return said;
}

/* Or is there no enhanced code that says what the reply speaks of? */
static bool
is_of_address(const struct reply *reply)
{
	const struct enhanced	*e = &reply->enhanced;

	return e->class == 0 || e->subject == 1 || e->subject == 2;
}

/* The word of the text in which the tag or the list's name stands. */
static struct view
detail_of(const struct judge *c, struct view text)
{
	struct view	tag;

	if (c->tag_at != 0) {
		tag = word_at(text, reason_origin(c->text, c->tag_at));
		if (is_tag(tag))
			return tag;
	}
	if (c->list_at != 0)
		return word_at(text, reason_origin(c->text, c->list_at));
	return VIEW_NONE;
}

static struct view
word_at(struct view text, size_t at)
{
	static const char	around[] = " ()[]<>\"',;/=";
	size_t			begin = at, end = at;

	while (begin > 0 && strchr(around, text.p[begin - 1]) == NULL)
		begin--;
	while (end < text.n && end - begin < TAG_BYTES &&
	    strchr(around, text.p[end]) == NULL)
		end++;
	while (end > begin && strchr(".:", text.p[end - 1]) != NULL)
		end--;
	return view_sub(text, begin, end - begin);
}

/* S3150 and NOWL are tags, a small word is none. */
static bool
is_tag(struct view v)
{
	bool	small = false, digit = false;
	size_t	i;

	for (i = 0; i < v.n; i++) {
		digit = digit || (v.p[i] >= '0' && v.p[i] <= '9');
		small = small || (v.p[i] >= 'a' && v.p[i] <= 'z');
	}
	return v.n > 1 && (digit || !small);
}
