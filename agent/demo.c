#include <assert.h>

#include "demo.h"

enum {
	ATTEMPTS = 5,
	PER_SECOND_MAX = 5,	/* two arrive on average */
	NUMBERS = 8,		/* message numbers a second, at least that */
	FIRST_MAX_S = 6,	/* the longest first attempt */
	JITTER_S = 60,
	THROTTLED_PERCENT = 40,
	GOOGLE = 0		/* its row in demo_providers */
};

/* When a message is tried again, after its first attempt. */
static const int64_t	retries[ATTEMPTS] = { 0, 300, 900, 2100, 4500 };

static unsigned	arrivals(const struct demo *, int64_t second);
static int64_t	due(const struct demo *, int64_t born, uint64_t number,
		    unsigned attempt);
static void	write_attempt(const struct demo *, struct demo_log *,
		    int64_t born, uint64_t number, unsigned attempt,
		    struct demo_truth *);
static const struct demo_reply	*answer(const struct demo *,
		    const struct demo_message *, int64_t when,
		    unsigned attempt);

void
demo_write_second(const struct demo *d, struct demo_log *log, int64_t second,
    struct demo_truth *truth)
{
	struct demo_message	m;

	assert(demo_provider_count <= DEMO_PROVIDERS_MAX);
	log->second = second;
	log->us = 0;
	for (unsigned i = 0; i < arrivals(d, second); i++) {
		demo_message_make(&m, d->seed, (uint64_t)second * NUMBERS + i);
		demo_print_arrival(log, &m);
		truth->messages++;
	}
	for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
		int64_t last = second - retries[attempt];
		int64_t first = last - FIRST_MAX_S -
		    (attempt > 0 ? JITTER_S : 0);

		for (int64_t born = first; born <= last; born++)
			for (unsigned i = 0; i < arrivals(d, born); i++)
				write_attempt(d, log, born,
				    (uint64_t)born * NUMBERS + i, attempt,
				    truth);
	}
}

static unsigned
arrivals(const struct demo *d, int64_t second)
{
	return (unsigned)(demo_hash(d->seed, (uint64_t)second, 99) %
	    PER_SECOND_MAX);
}

/* The second in which that attempt ends. */
static int64_t
due(const struct demo *d, int64_t born, uint64_t number, unsigned attempt)
{
	int64_t	when = born + demo_delay_ms(d->seed, number) / 1000 +
	    retries[attempt];

	if (attempt > 0)
		when += (int64_t)(demo_hash(d->seed, number, 10 + attempt) %
		    JITTER_S);
	return when;
}

/* Nothing if it is not due now or an earlier attempt was the last. */
static void
write_attempt(const struct demo *d, struct demo_log *log, int64_t born,
    uint64_t number, unsigned attempt, struct demo_truth *truth)
{
	struct demo_message	 m;
	const struct demo_reply	*reply;
	unsigned		 delay_ms;

	if (due(d, born, number, attempt) != log->second)
		return;
	demo_message_make(&m, d->seed, number);
	for (unsigned i = 0; i < attempt; i++)
		if (answer(d, &m, due(d, born, number, i), i)->outcome !=
		    OUTCOME_DEFERRED)
			return;
	reply = answer(d, &m, log->second, attempt);
	delay_ms = m.delay_ms + 1000 * (unsigned)(log->second - born -
	    m.delay_ms / 1000);
	if (attempt > 0)
		demo_print_active(log, &m);
	demo_print_attempt(log, &m, reply, delay_ms);
	if (reply->outcome != OUTCOME_DEFERRED)
		demo_print_removed(log, &m);
	truth->attempts[m.provider][reply->outcome]++;
	truth->throttled += reply == &demo_throttled;
}

static const struct demo_reply *
answer(const struct demo *d, const struct demo_message *m, int64_t when,
    unsigned attempt)
{
	if (m->provider == GOOGLE && when >= d->incident_from &&
	    when < d->incident_until &&
	    demo_hash(d->seed, m->hash, attempt) % 100 < THROTTLED_PERCENT)
		return &demo_throttled;
	return attempt == 0 ? m->first : &demo_sent;
}
