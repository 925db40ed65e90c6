/*
 * Any bytes as a state: the whole file, or, with an even first byte, what its
 * checksums had let through into the book of incidents. What is read from a
 * file must carry its checksum; a book is sound or empty.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz_line.h"
#include "incidents.h"
#include "state_read.h"

static void
take(void *arg, const char *family, const char *labels, uint64_t value)
{
	uint64_t	*sum = arg;

	*sum += strlen(family) + strlen(labels) + value;
}

static void
file(const uint8_t *data, size_t size)
{
	char			path[] = "/tmp/smtpulse-fuzz-XXXXXX";
	struct state_reader	reader;
	struct region		region;
	uint64_t		sum = 0;
	int			fd = mkstemp(path);

	FUZZ_CHECK(fd != -1 && write(fd, data, size) == (ssize_t)size, path);
	close(fd);
	FUZZ_CHECK(region_init(&region, "region", 1, REGION_PAGE) == 0, path);
	if (state_reader_open(&reader, path) == 0) {
		if (state_read_region(&reader, &region) == -1 ||
		    state_read_counters(&reader, take, &sum) == -1)
			FUZZ_CHECK(reader.error[0] != '\0', "no message");
		(void)state_read_created(&reader);
	} else
		FUZZ_CHECK(reader.error[0] != '\0', "no message");
	state_reader_close(&reader);
	region_fini(&region);
	unlink(path);
}

static void
book(const uint8_t *data, size_t size)
{
	struct incidents	in;
	size_t			at;

	FUZZ_CHECK(incidents_init(&in) == 0, "memory");
	at = (data[0] * (size_t)257 + size * 31) % (in.region.size - size);
	memcpy(in.region.base + at, data, size);
	if (!incidents_restore(&in))
		FUZZ_CHECK(in.region.base[0] == 0 && memcmp(in.region.base,
		    in.region.base + 1, in.region.size - 1) == 0, "not empty");
	incidents_expire(&in, 1);
	incidents_expire(&in, INT64_MAX / 2);
	incidents_fini(&in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	if (data[0] % 2 == 0)
		book(data + 1, size - 1);
	else
		file(data + 1, size - 1);
	return 0;
}
