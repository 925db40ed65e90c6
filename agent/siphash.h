/*
 * siphash - a keyed hash for tables whose keys come from strangers.
 *
 * SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 * 2012; one compression round a word, three at the end): without the key
 * nobody can choose names that all fall into one bucket.
 */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_BYTES = 16 };

uint64_t	siphash13(const uint8_t key[SIPHASH_KEY_BYTES], const void *,
		    size_t);
/* The same as of the eight bytes of word and then the data. */
uint64_t	siphash13_under(const uint8_t key[SIPHASH_KEY_BYTES],
		    uint64_t word, const void *data, size_t);

#endif
