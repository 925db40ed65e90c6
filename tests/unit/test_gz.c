#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>

#include "gz.h"

enum { TEXT = 300000 };

static char	text[TEXT];

/* Append one gzip member to a file in memory. */
static void
put_member(int fd, const char *p, size_t n)
{
	z_stream	z = { 0 };
	unsigned char	out[TEXT];

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8,
	    Z_DEFAULT_STRATEGY);
	z.next_in = (unsigned char *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = out;
	z.avail_out = sizeof(out);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(write(fd, out, z.total_out), z.total_out);
	deflateEnd(&z);
}

/* Bytes that came out right, and errno (0 at a verified end). */
static size_t
inflate_all(int fd, int *error)
{
	struct gz	*g;
	char		 buf[7001];
	size_t		 at = 0;
	ssize_t		 n;

	assert_int_equal(gz_open(&g, fd, NULL, 0), 0);
	while ((n = gz_read(g, buf, sizeof(buf))) > 0) {
		assert_true(at + (size_t)n <= TEXT);
		assert_memory_equal(buf, text + at, (size_t)n);
		at += (size_t)n;
	}
	*error = n == 0 ? 0 : errno;
	gz_close(g);
	return at;
}

static int
sample(size_t members)
{
	int	fd = memfd_create("gz", MFD_CLOEXEC);
	size_t	i;

	for (i = 0; i < TEXT; i++)
		text[i] = (char)('a' + (i * i / 7 + i) % 26);
	for (i = 0; i < members; i++)
		put_member(fd, text + i * (TEXT / members), TEXT / members);
	return fd;
}

static void
test_whole(void **state)
{
	int	error, fd;

	(void)state;
	for (size_t members = 1; members <= 5; members++) {
		fd = sample(members);
		assert_int_equal(inflate_all(fd, &error),
		    TEXT / members * members);
		assert_int_equal(error, 0);
		/* zeros behind it are padding */
		assert_int_equal(write(fd, "\0\0\0", 3), 3);
		inflate_all(fd, &error);
		assert_int_equal(error, 0);
		assert_int_equal(write(fd, "x", 1), 1);
		inflate_all(fd, &error);
		assert_int_not_equal(error, 0);
		close(fd);
	}
}

static void
test_cut(void **state)
{
	int	error, fd = sample(2);
	off_t	n, size = lseek(fd, 0, SEEK_END);

	(void)state;
	for (n = size - 1; n > 0; n -= 1 + n / 50) {
		assert_int_equal(ftruncate(fd, n), 0);
		inflate_all(fd, &error);
		if (error != ENODATA)
			fail_msg("cut at %ld of %ld: errno %d", (long)n,
			    (long)size, error);
	}
	close(fd);
}

/* A flipped bit is noticed at the latest at the end of its member. */
static void
test_flipped(void **state)
{
	int		error, fd = sample(0);
	off_t		at, size;
	unsigned char	byte;
	struct gz	*g;
	char		 buf[1000];
	size_t		 got;
	ssize_t		 n = 0;

	(void)state;
	put_member(fd, text, 500);
	size = lseek(fd, 0, SEEK_END);
	for (at = 10; at < size; at++) {
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_int_equal(gz_open(&g, fd, NULL, 0), 0);
		memset(buf, 0, sizeof(buf));
		for (got = 0; got < sizeof(buf); got += (size_t)n)
			if ((n = gz_read(g, buf + got, sizeof(buf) - got)) <= 0)
				break;
		error = errno;
		/* another way to say the same text is no damage */
		if (n == 0 ? memcmp(buf, text, 500) != 0 :
		    error != EBADMSG && error != ENODATA)
			fail_msg("byte %ld flipped: not noticed", (long)at);
		gz_close(g);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
