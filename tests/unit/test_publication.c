#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>

#include "publication.h"

enum { ROUNDS = 20000, READERS = 3 };

static bool
readable(int fd)
{
	uint64_t	count;

	return read(fd, &count, sizeof(count)) > 0;
}

static struct publication *
publication_with(enum page_kind kind, const char *text)
{
	struct publication	*p = publication_new();

	assert_non_null(p);
	buf_text(&p->body[kind], text);
	return p;
}

static void
test_ask(void **state)
{
	struct publication_slot	 s;
	struct publication	*p;

	(void)state;
	assert_int_equal(publication_slot_init(&s), 0);
	assert_null(publication_acquire(&s));
	assert_false(publication_wanted(&s, PAGE_METRICS_TEXT, 1000));
	assert_null(publication_ask(&s, PAGE_METRICS_TEXT, 1000));
	assert_true(readable(s.asked_fd));
	assert_true(publication_wanted(&s, PAGE_METRICS_TEXT, 1000));
	assert_false(publication_wanted(&s, PAGE_STATUS_HTML, 1000));

	publication_swap(&s, publication_with(PAGE_METRICS_TEXT, "1"));
	assert_true(readable(s.published_fd));
	p = publication_ask(&s, PAGE_METRICS_TEXT, 2000);
	assert_non_null(p);
	assert_false(readable(s.asked_fd));

	/* nobody waits: nobody is woken; what is held stays as it was */
	publication_swap(&s, publication_with(PAGE_METRICS_TEXT, "2"));
	assert_false(readable(s.published_fd));
	assert_true(view_eq(buf_view(&p->body[PAGE_METRICS_TEXT]), VIEW("1")));
	publication_release(p);

	/* a page of another kind is missing */
	assert_null(publication_ask(&s, PAGE_STATUS_HTML, 3000));
	assert_true(readable(s.asked_fd));
	assert_true(publication_wanted(&s, PAGE_METRICS_TEXT,
	    2000 + PAGE_WARM_MS));
	assert_false(publication_wanted(&s, PAGE_METRICS_TEXT,
	    2001 + PAGE_WARM_MS));
	publication_slot_fini(&s);
}

/* A page that did not fit is not there. */
static void
test_failed(void **state)
{
	struct publication	*p = publication_with(PAGE_STATUS_HTML, "x");

	(void)state;
	assert_true(publication_has(p, PAGE_STATUS_HTML));
	assert_false(publication_has(p, PAGE_STATUS_JSON));
	p->body[PAGE_STATUS_HTML].failed = true;
	assert_false(publication_has(p, PAGE_STATUS_HTML));
	publication_release(p);
}

static void *
read_on(void *cls)
{
	struct publication_slot	*s = cls;
	struct publication	*p;
	uint64_t		 last = 0, seen = 0;

	while (last < ROUNDS) {
		p = publication_ask(s, PAGE_STATUS_JSON, 1);
		if (p == NULL)
			continue;
		seen = strtoull(p->body[PAGE_STATUS_JSON].p, NULL, 10);
		if (seen < last)
			break;		/* time went backwards */
		last = seen;
		publication_release(p);
	}
	return (void *)(uintptr_t)(seen < last);
}

/* Readers see whole publications, each at least as new as the one before. */
static void
test_threads(void **state)
{
	struct publication_slot	 s;
	pthread_t		 reader[READERS];
	void			*failed;

	(void)state;
	assert_int_equal(publication_slot_init(&s), 0);
	for (int i = 0; i < READERS; i++)
		pthread_create(&reader[i], NULL, read_on, &s);
	for (int i = 1; i <= ROUNDS; i++) {
		struct publication	*p = publication_new();

		buf_printf(&p->body[PAGE_STATUS_JSON], "%d;", i);
		publication_swap(&s, p);
	}
	for (int i = 0; i < READERS; i++) {
		pthread_join(reader[i], &failed);
		assert_null(failed);
	}
	publication_slot_fini(&s);
}

static void
unpack(struct view in, char *out, size_t size, size_t *len)
{
	z_stream	z = { 0 };

	assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)in.p;
	z.avail_in = (unsigned)in.n;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)size;
	/* one member, checksum and length right, nothing behind it */
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	*len = size - z.avail_out;
	inflateEnd(&z);
}

static void
test_pack(void **state)
{
	static const size_t	cases[][2] = { { 0, 0 }, { 1, 0 }, { 0, 1 },
		{ 100, 30 }, { 70000, 0 }, { 70000, 2000 }, { 300000, 70000 } };
	static char		text[400000], back[400000];
	struct pack		k;
	struct buf		out;
	size_t			len;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + (i * i / 7) % 23);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct view	head = { text, cases[i][0] };
		struct view	tail = { text + head.n, cases[i][1] };

		assert_int_equal(pack_make(&k, head), 0);
		buf_init(&out, 1 << 20);
		buf_put(&out, (struct view){ (char *)k.p, k.len });
		pack_end(&out, &k, tail);
		unpack(buf_view(&out), back, sizeof(back), &len);
		assert_int_equal(len, head.n + tail.n);
		assert_memory_equal(back, text, len);
		buf_fini(&out);
		pack_free(&k);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_pack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
