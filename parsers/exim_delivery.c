/*
 * exim_delivery - "=>", "==" and "**": what became of a recipient.
 */
#include "exim.h"

enum {
	RETRY_ERRNO = -51,	/* at and below: Exim did not try */
	REPLY_ERRNO_FIRST = -46,/* DATA4XX, MAIL4XX, RCPT4XX: text follows */
	REPLY_ERRNO_LAST = -44,
	TIME_MAX = 24		/* " DT=" with the longest time */
};

struct delivery {
	struct exim_address	address;
	struct exim_fields	fields;
	struct exim_error	error;
};

static bool	begin(struct view *, struct delivery *);
static bool	is_whole(const struct delivery *);
static void	put(const struct delivery *, struct mail_event *);
static void	put_relay(const struct delivery *, struct mail_event *);
static void	put_reply(const struct delivery *, struct view text,
		    struct scratch *, struct mail_event *);
static bool	is_local(struct view transport);
static bool	is_remote(struct view transport);
static bool	is_lmtp(struct view transport);
static bool	has_word(struct view, const struct view *, size_t);
static struct view	next_id(struct view reply);
static bool	take_errno(struct view *, int32_t *);
static struct view	take_system_error(struct view *);
static void	cut_deliver_time(struct view *, struct exim_fields *);

enum parse_result
exim_delivered(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct delivery		 d = { 0 };
	const struct exim_fields *f = &d.fields;
	struct reply		 reply;
	struct view		 text;

	/* "(DATA ACL discarded recipients): why": it names nobody */
	if (view_starts(v, VIEW("blackhole (")))
		return PARSE_IGNORED;
	if (!begin(&v, &d) || v.n > 0)
		return PARSE_UNKNOWN;
	if (!is_whole(&d))
		return PARSE_UNKNOWN;
	if (d.address.local && d.address.original.n == 0)
		return view_starts(d.address.shown, VIEW("discarded")) ?
		    PARSE_IGNORED : PARSE_UNKNOWN;
	out->outcome = OUTCOME_DELIVERED;
	out->attempt = true;
	put(&d, out);
	/* without smtp_confirmation it is known only that a server said yes */
	if (out->relay_kind != RELAY_LOCAL)
		out->reply.enhanced.class = 2;
	if (f->confirmation.n == 0)
		return PARSE_EVENT;
	text = exim_unescape(f->confirmation, true, scratch);
	if (!reply_parse(text, &reply) || reply.code / 100 != 2)
		return PARSE_EVENT;
	out->reply = reply;
	out->text = text;
	out->stage = STAGE_EOD;
	out->next_id = next_id(text);
	if (out->relay_kind == RELAY_LOCAL)
		out->relay_kind = RELAY_SOCKET;
	return PARSE_EVENT;
}

/*
 * Does the line say where the message went? Every transport names itself,
 * and the remote ones a host; only what is discarded has neither.
 */
static bool
is_whole(const struct delivery *d)
{
	struct view	name = d->fields.transport;

	if (!exim_has(&d->fields, FIELD_TRANSPORT))
		return d->address.local;
	if (exim_has(&d->fields, FIELD_HOST))
		return d->fields.host.ip.n > 0;
	return is_lmtp(name) || (!is_remote(name) &&
	    !view_starts(VIEW("remote_smtp"), name) &&
	    !view_starts(VIEW("smtp"), name) &&
	    !view_starts(VIEW("lmtp"), name));
}

/* ADDRESS FIELDS defer (N): SYSTEM ERROR FIELDS: TEXT */
enum parse_result
exim_deferred(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct delivery	d = { 0 };
	struct view	system_error = VIEW_NONE;
	int32_t		number;

	if (!begin(&v, &d))
		return PARSE_UNKNOWN;
	view_skip(&v, VIEW(" routing"));
	if (!view_skip(&v, VIEW(" defer (")) || !take_errno(&v, &number))
		return PARSE_UNKNOWN;
	if (number > 0)
		system_error = take_system_error(&v);
	if (!exim_fields_take(&v, &d.fields))
		return PARSE_UNKNOWN;
	if (view_skip(&v, VIEW(": "))) {
		if (!exim_error_read(v, exim_has(&d.fields, FIELD_HOST),
		    &d.error))
			return PARSE_UNKNOWN;
	} else if (v.n > 0 || number == 0 || (number >= REPLY_ERRNO_FIRST &&
	    number <= REPLY_ERRNO_LAST) || (number > 0 &&
	    system_error.n == 0) ||
	    !exim_error_read(system_error, true, &d.error)) {
		return PARSE_UNKNOWN;
	}
	out->outcome = OUTCOME_DEFERRED;
	out->attempt = number > RETRY_ERRNO && !d.error.waits;
	put(&d, out);
	put_reply(&d, v.n > 0 ? v : system_error, scratch, out);
	return PARSE_EVENT;
}

/* ADDRESS FIELDS: TEXT DT=N */
enum parse_result
exim_bounced(struct view v, struct scratch *scratch, struct mail_event *out)
{
	struct delivery	d = { 0 };

	if (!begin(&v, &d) || !view_skip(&v, VIEW(": ")))
		return PARSE_UNKNOWN;
	cut_deliver_time(&v, &d.fields);
	if (!exim_error_read(v, exim_has(&d.fields, FIELD_HOST), &d.error))
		return PARSE_UNKNOWN;
	out->outcome = OUTCOME_BOUNCED;
	out->attempt = !d.error.waits;
	if (d.error.expired || view_starts(v, VIEW("retry time not reached")))
		out->outcome = OUTCOME_EXPIRED;
	put(&d, out);
	put_reply(&d, v, scratch, out);
	return PARSE_EVENT;
}

static bool
begin(struct view *v, struct delivery *d)
{
	d->fields.queue_ms = d->fields.deliver_ms = -1;
	return exim_address_take(v, &d->address) &&
	    exim_fields_take(v, &d->fields);
}

static void
put(const struct delivery *d, struct mail_event *out)
{
	const struct exim_fields	*f = &d->fields;
	struct view			 to = d->address.shown;

	/* a pipe or a bare login is no address: then the one it came from */
	if (d->address.original.n > 0 &&
	    (d->address.local || view_find(to, '@', 0) == to.n))
		to = d->address.original;
	out->kind = EVENT_DELIVERY;
	out->recipients = to;
	out->recipient_count = 1;
	out->sender = f->sender;
	out->has_sender = f->has_sender;
	out->transport = f->transport;
	out->local_ip = f->local_ip;
	out->delay_ms = f->queue_ms;
	out->transaction_ms = f->deliver_ms;
	put_relay(d, out);
}

static void
put_relay(const struct delivery *d, struct mail_event *out)
{
	const struct exim_fields	*f = &d->fields;
	const struct exim_host		*host = &d->error.host;

	if (exim_has(f, FIELD_HOST))
		host = &f->host;
	out->relay_ip = host->ip;
	out->relay = host->name.n > 0 ? host->name : host->helo.n > 0 ?
	    host->helo : host->ip;
	if (out->relay.n > 1 && out->relay.p[out->relay.n - 1] == '.')
		out->relay.n--;
	if (out->relay.n > 0)
		out->relay_kind = RELAY_HOST;
	else if (out->outcome == OUTCOME_DELIVERED && is_lmtp(f->transport))
		out->relay_kind = RELAY_SOCKET;
	else if (d->address.local || out->outcome == OUTCOME_DELIVERED ||
	    is_local(f->transport))
		out->relay_kind = RELAY_LOCAL;
}

static void
put_reply(const struct delivery *d, struct view text, struct scratch *scratch,
    struct mail_event *out)
{
	struct view	reply = exim_unescape(d->error.reply, false, scratch);

	out->stage = d->error.stage;
	if (reply_parse(reply, &out->reply))
		out->text = reply;
	else
		out->text = exim_unescape(text, false, scratch);
	if (out->relay_kind != RELAY_HOST && view_starts(text, VIEW("LMTP ")))
		out->relay_kind = RELAY_SOCKET;
}

/*
 * Exim does not say what kind of transport it is, so the name must do: these
 * words stand in the names that Debian, cPanel, DirectAdmin and the
 * documentation's examples give.
 */
static bool
is_local(struct view transport)
{
	static const struct view words[] = {
		VIEW("local"), VIEW("pipe"), VIEW("_file"), VIEW("_reply"),
		VIEW("mail_spool"), VIEW("maildir"), VIEW("mailbox"),
		VIEW("lda"), VIEW("procmail"), VIEW("autoreply"),
		VIEW("dovecot"), VIEW("virtual"), VIEW("appendfile"),
		VIEW("mailman")
	};

	return !is_remote(transport) &&
	    has_word(transport, words, sizeof(words) / sizeof(*words));
}

static bool
is_remote(struct view transport)
{
	static const struct view words[] = {
		VIEW("remote"), VIEW("smtp"), VIEW("smarthost")
	};

	return view_starts(transport, words[0]) ||
	    has_word(transport, words, sizeof(words) / sizeof(*words));
}

static bool
is_lmtp(struct view transport)
{
	return has_word(transport, &VIEW("lmtp"), 1);
}

static bool
has_word(struct view v, const struct view *words, size_t count)
{
	size_t	i;

	for (i = 0; i < count; i++)
		if (v.n > 0 && view_search(v, words[i]) < v.n)
			return true;
	return false;
}

/* The next hop's own id at the end of its reply. */
static struct view
next_id(struct view reply)
{
	size_t		at = reply.n;
	struct view	word;

	if (view_ends(reply, VIEW(" Message accepted for delivery"))) {
		view_advance(&reply, sizeof("250 2.0.0 ") - 1);
		return view_cut(&reply, ' ', &word) ? word : VIEW_NONE;
	}
	while (at > 0 && reply.p[at - 1] != ' ')
		at--;
	word = view_sub(reply, at, reply.n);
	reply.n = at;
	if (view_skip(&word, VIEW("id=")) ||
	    view_ends(reply, VIEW("queued as ")))
		return word;
	return VIEW_NONE;
}

/* "-44)" */
static bool
take_errno(struct view *v, int32_t *number)
{
	bool		negative = view_skip_byte(v, '-');
	uint32_t	value;

	if (!view_take_u32(v, &value) || value > INT16_MAX ||
	    !view_skip_byte(v, ')'))
		return false;
	*number = negative ? -(int32_t)value : (int32_t)value;
	return true;
}

/* ": Connection refused", up to what comes next: a field or a text. */
static struct view
take_system_error(struct view *v)
{
	struct view	rest = *v, text = VIEW_NONE;
	size_t		at;

	if (!view_skip(&rest, VIEW(": ")))
		return text;
	for (at = view_find(rest, ' ', 0); at < rest.n;
	    at = view_find(rest, ' ', at + 1)) {
		if (at > 0 && rest.p[at - 1] == ':') {
			at--;
			break;
		}
		if (exim_field_follows(view_sub(rest, at, rest.n)))
			break;
	}
	text = view_sub(rest, 0, at);
	*v = view_sub(rest, at, rest.n);
	return text;
}

/* On "**" lines the time stands behind the text, at the very end. */
static void
cut_deliver_time(struct view *v, struct exim_fields *f)
{
	struct view	word;
	size_t		at = v->n;
	int32_t		ms;

	if (exim_has(f, FIELD_DELIVER_TIME) || v->n == 0 ||
	    v->p[v->n - 1] != 's')
		return;
	while (at > 0 && v->p[at - 1] != ' ' && v->n - at < TIME_MAX)
		at--;
	word = view_sub(*v, at, v->n);
	if (at == 0 || v->p[at - 1] != ' ' || !view_skip(&word, VIEW("DT=")) ||
	    !exim_span_take(&word, &ms) || word.n > 0)
		return;
	f->deliver_ms = ms;
	v->n = at - 1;
}
