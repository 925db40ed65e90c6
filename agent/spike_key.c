#include "spike_key.h"

bool
spike_key_eq(const struct spike_key *a, const struct spike_key *b)
{
	return a->provider == b->provider && a->code == b->code &&
	    enhanced_eq(a->enhanced, b->enhanced) &&
	    a->class == b->class && a->reason == b->reason;
}

size_t
spike_key_hash(const struct spike_key *key)
{
	uint64_t	h = key->provider;

	h = h * 1000 + key->code;
	h = h * 8 + key->enhanced.class;
	h = h * 1000 + key->enhanced.subject;
	h = h * 1000 + key->enhanced.detail;
	h = h * CLASS_COUNT + key->class;
	h = h * REASON_COUNT + key->reason;
	h *= 0x9e3779b97f4a7c15u;
	return (size_t)(h >> 32);
}
