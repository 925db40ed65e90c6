#include <string.h>

#include "siphash.h"

struct state {
	uint64_t	v0, v1, v2, v3;
};

/* Bytes in memory are read little-endian, so that a hash that was saved
   means the same on every machine. */
static inline uint64_t
load64(const uint8_t *p)
{
	uint64_t	word;

	memcpy(&word, p, sizeof(word));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word :
	    __builtin_bswap64(word);
}

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(struct state *s)
{
	s->v0 += s->v1;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

static inline void
absorb(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

static inline struct state
begin(const uint8_t key[SIPHASH_KEY_BYTES])
{
	uint64_t	k0 = load64(key), k1 = load64(key + 8);

	return (struct state){
		k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
		k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573
	};
}

/* The rest of a text of that many bytes in all. */
static inline uint64_t
finish(struct state *s, const uint8_t *p, size_t n, size_t total)
{
	uint64_t	last = (uint64_t)total << 56;

	for (; n >= 8; n -= 8, p += 8)
		absorb(s, load64(p));
	for (size_t i = 0; i < n; i++)
		last |= (uint64_t)p[i] << (8 * i);
	absorb(s, last);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t
siphash13(const uint8_t key[SIPHASH_KEY_BYTES], const void *data, size_t n)
{
	struct state	s = begin(key);

	return finish(&s, data, n, n);
}

uint64_t
siphash13_under(const uint8_t key[SIPHASH_KEY_BYTES], uint64_t word,
    const void *data, size_t n)
{
	struct state	s = begin(key);

	absorb(&s, word);
	return finish(&s, data, n, sizeof(word) + n);
}
