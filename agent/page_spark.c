#include "page_spark.h"
#include "words.h"

enum { HEIGHT = 200 };		/* in tenths */

enum layer { LAYER_ALL, LAYER_FAILED, LAYER_REFUSED };

static uint32_t	value_of(const uint32_t minute[CLASS_COUNT], enum layer);
static uint32_t	peak_of(const struct status_provider *, enum layer);
static void	put_layer(struct buf *, const struct status_provider *,
		    enum layer, char class);
static int	height(uint32_t value, uint32_t peak);
static void	put_y(struct buf *, int tenths);

/* Areas, one over the other: all, then 4xx with 5xx, then 5xx alone. */
void
page_spark(struct buf *b, const struct status_provider *p)
{
	buf_text(b, "<svg class=spark viewBox=\"0 0 60 20\" "
	    "preserveAspectRatio=none role=img><title>");
	words_cut(b, p->name, 64);
	buf_text(b, ", last hour: at most ");
	words_count(b, peak_of(p, LAYER_ALL));
	buf_text(b, " a minute, of which 4xx or 5xx at most ");
	words_count(b, peak_of(p, LAYER_FAILED));
	buf_text(b, "</title>");
	put_layer(b, p, LAYER_ALL, 'a');
	put_layer(b, p, LAYER_FAILED, 'd');
	put_layer(b, p, LAYER_REFUSED, 'b');
	buf_text(b, "<line x1=0 y1=20 x2=60 y2=20 "
	    "vector-effect=non-scaling-stroke /></svg>");
}

static uint32_t
value_of(const uint32_t minute[CLASS_COUNT], enum layer layer)
{
	uint32_t	value = minute[CLASS_5XX];

	if (layer != LAYER_REFUSED)
		value += minute[CLASS_4XX];
	if (layer == LAYER_ALL)
		value += minute[CLASS_2XX] + minute[CLASS_NONE];
	return value;
}

static uint32_t
peak_of(const struct status_provider *p, enum layer layer)
{
	uint32_t	peak = 0;

	for (size_t i = 0; i < STATUS_MINUTES; i++)
		if (value_of(p->minute[i], layer) > peak)
			peak = value_of(p->minute[i], layer);
	return peak;
}

/* Steps from minute to minute; equal ones are one step. */
static void
put_layer(struct buf *b, const struct status_provider *p, enum layer layer,
    char class)
{
	uint32_t	peak = peak_of(p, LAYER_ALL);
	size_t		at = 0, next;
	int		y;

	if (peak_of(p, layer) == 0)
		return;
	buf_printf(b, "<path class=%c d=\"M0 20", class);
	while (at < STATUS_MINUTES) {
		y = height(value_of(p->minute[at], layer), peak);
		for (next = at + 1; next < STATUS_MINUTES &&
		    height(value_of(p->minute[next], layer), peak) == y;
		    next++)
			continue;
		buf_byte(b, 'V');
		put_y(b, HEIGHT - y);
		buf_printf(b, "h%zu", next - at);
		at = next;
	}
	buf_text(b, "V20z\"/>");
}

/* What is there at all is seen. */
static int
height(uint32_t value, uint32_t peak)
{
	int	y = (int)((uint64_t)value * HEIGHT / peak);

	return value > 0 && y < 8 ? 8 : y;
}

static void
put_y(struct buf *b, int tenths)
{
	buf_i64(b, tenths / 10);
	if (tenths % 10 != 0)
		buf_printf(b, ".%d", tenths % 10);
}
