#include <stdlib.h>
#include <string.h>

#include "window.h"

static const uint32_t seconds[WINDOW_COUNT] = {
#define X(id, name, s) s,
	WINDOWS(X)
#undef X
};

static uint32_t	count_at(const struct window_ring *, int64_t number,
		    enum reply_class);

const char *
window_name(enum window_length w)
{
	static const char *const names[WINDOW_COUNT] = {
#define X(id, name, s) name,
		WINDOWS(X)
#undef X
	};

	return names[w];
}

uint32_t
window_seconds(enum window_length w)
{
	return seconds[w];
}

int
window_init(struct window *w)
{
	if (region_init(&w->region, "windows", 1,
	    PROVIDER_MAX * sizeof(struct window_ring)) == -1)
		return -1;
	w->ring = (struct window_ring *)(void *)w->region.base;
	return 0;
}

void
window_fini(struct window *w)
{
	region_fini(&w->region);
}

/* What somebody counted who is gone now is not mixed into others' rings. */
void
window_renumber(struct window *w, const uint16_t to[PROVIDER_MAX])
{
	struct window_ring	*old;

	old = malloc(PROVIDER_MAX * sizeof(*old));
	if (old == NULL)
		return;
	memcpy(old, w->ring, PROVIDER_MAX * sizeof(*old));
	memset(w->ring, 0, PROVIDER_MAX * sizeof(*old));
	for (size_t p = 0; p < PROVIDER_MAX; p++)
		if (to[p] != PROVIDER_OTHER || p == PROVIDER_OTHER)
			w->ring[to[p]] = old[p];
	region_touch(&w->region, w->ring, PROVIDER_MAX * sizeof(*old));
	free(old);
}

void
window_add(struct window *w, uint16_t provider, enum reply_class class,
    int64_t time, uint32_t n)
{
	struct window_ring	*r = &w->ring[provider];
	int64_t			 number = time / WINDOW_BUCKET_S;

	if (number <= r->head - WINDOW_BUCKETS)
		return;
	if (number - r->head >= WINDOW_BUCKETS) {
		memset(r->bucket, 0, sizeof(r->bucket));
		r->head = number;
	}
	while (r->head < number)
		memset(r->bucket[++r->head % WINDOW_BUCKETS], 0,
		    sizeof(r->bucket[0]));
	r->bucket[number % WINDOW_BUCKETS][class] += n;
	region_touch(&w->region, r, sizeof(*r));
}

void
window_sum(const struct window *w, uint16_t provider, int64_t now,
    struct window_sums *out)
{
	const struct window_ring	*r = &w->ring[provider];
	int64_t				 last = now / WINDOW_BUCKET_S;

	memset(out, 0, sizeof(*out));
	if (r->head == 0)
		return;
	for (int64_t back = 0; back < WINDOW_BUCKETS - 1; back++) {
		for (int c = 0; c < CLASS_COUNT; c++) {
			uint32_t	n = count_at(r, last - back,
					    (enum reply_class)c);

			for (int i = 0; n > 0 && i < WINDOW_COUNT; i++)
				if (back * WINDOW_BUCKET_S < seconds[i])
					out->count[i][c] += n;
		}
	}
}

void
window_minutes(const struct window *w, uint16_t provider,
    enum reply_class class, int64_t now, uint32_t out[60])
{
	const struct window_ring	*r = &w->ring[provider];
	int64_t				 last = now / WINDOW_BUCKET_S;

	memset(out, 0, 60 * sizeof(out[0]));
	if (r->head == 0)
		return;
	for (int64_t back = 0; back < 360; back++)
		out[59 - back / 6] += count_at(r, last - back, class);
}

static uint32_t
count_at(const struct window_ring *r, int64_t number, enum reply_class class)
{
	if (number > r->head || number <= r->head - WINDOW_BUCKETS ||
	    number < 0)
		return 0;
	return r->bucket[number % WINDOW_BUCKETS][class];
}
