/*
 * Any bytes as a compressed log: read to an end that says what it is, the same
 * from a file and from a stream whose first bytes were taken off.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_line.h"
#include "gz.h"

enum { CHUNK = 1024, MOST = 1 << 18 };	/* a bomb is left after that */

struct outcome {
	size_t		bytes;
	uint64_t	sum;
	int		error;		/* 0: the verified end, or MOST */
};

static struct outcome
inflate_all(int fd, const char *head, size_t head_len)
{
	struct outcome	 o = { 0 };
	char		*chunk = malloc(CHUNK);
	struct gz	*g;
	ssize_t		 n = 0;

	FUZZ_CHECK(chunk != NULL, "memory");
	FUZZ_CHECK(gz_open(&g, fd, head, head_len) == 0, "open");
	while (o.bytes < MOST && (n = gz_read(g, chunk, CHUNK)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			o.sum = o.sum * 31 + (unsigned char)chunk[i];
		o.bytes += (size_t)n;
	}
	if (n < 0) {
		o.error = errno;
		FUZZ_CHECK(errno == ENODATA || errno == EBADMSG, "errno");
	}
	gz_close(g);
	free(chunk);
	return o;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int		fd = memfd_create("log.gz", MFD_CLOEXEC);
	char		head[GZ_MAGIC_BYTES];
	struct outcome	file, stream;

	FUZZ_CHECK(fd != -1, "memfd_create");
	FUZZ_CHECK(write(fd, data, size) == (ssize_t)size, "write");
	file = inflate_all(fd, NULL, 0);
	FUZZ_CHECK(lseek(fd, 0, SEEK_SET) == 0, "lseek");
	if (read(fd, head, sizeof(head)) == (ssize_t)sizeof(head)) {
		stream = inflate_all(fd, head, sizeof(head));
		FUZZ_CHECK(stream.bytes == file.bytes &&
		    stream.sum == file.sum && stream.error == file.error,
		    "file and stream differ");
	}
	close(fd);
	return 0;
}
