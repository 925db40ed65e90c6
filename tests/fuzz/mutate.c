/*
 * Runs a fuzz target without libFuzzer, the same way each time: every file
 * given, and each with bytes changed, left out and doubled. For 'make
 * coverage', whose figures come from gcc.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 16, PLACES = 400, TRIES = 6 };

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void	run(const uint8_t *, size_t);
static void	mutate(const uint8_t *, size_t, unsigned seed);

int
main(int argc, char **argv)
{
	static uint8_t	data[MOST];

	for (int i = 1; i < argc; i++) {
		FILE	*f = fopen(argv[i], "rb");
		size_t	 n;

		if (f == NULL) {
			perror(argv[i]);
			return 1;
		}
		n = fread(data, 1, MOST, f);
		fclose(f);
		run(data, n);
		mutate(data, n, (unsigned)i);
	}
	return 0;
}

/* In memory of its own size. */
static void
run(const uint8_t *data, size_t n)
{
	uint8_t	*copy = malloc(n + 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void
mutate(const uint8_t *data, size_t n, unsigned seed)
{
	static const char	bytes[] = " :=<>()[]\"\\,;@.-+#{}'0189AZaz\t_/?%|";
	static uint8_t		other[MOST + 1];
	size_t			step = n / PLACES + 1;

	for (size_t at = 0; at < n; at += step) {
		memcpy(other, data, n);
		for (unsigned t = 0; t < TRIES; t++) {
			other[at] = (uint8_t)bytes[(at * 11 + seed * 7 +
			    t * 5) % (sizeof(bytes) - 1)];
			run(other, n);
		}
		other[at] = (uint8_t)(seed % 2 == 0 ? 0x80 : 0);
		run(other, n);
		memmove(other + at, data + at + 1, n - at - 1);
		run(other, n - 1);
		memcpy(other, data, at + 1);
		memcpy(other + at + 1, data + at, n - at);
		run(other, n + 1);
		run(data, at);
	}
}
