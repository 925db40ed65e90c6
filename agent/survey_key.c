#include "survey_key.h"

/* Where each field of a key stands, and how many bits it has. */
#define KEY_FIELDS(X)							\
	X(provider,		0,	9)				\
	X(class,		9,	2)				\
	X(reason,		11,	5)				\
	X(tenant,		16,	8)				\
	X(code,			24,	10)				\
	X(enhanced.class,	34,	3)				\
	X(enhanced.subject,	37,	10)				\
	X(enhanced.detail,	47,	10)

#define MASK(bits)	((UINT64_C(1) << (bits)) - 1)

uint64_t
survey_key_pack(const struct survey_key *key)
{
	uint64_t	packed = UINT64_C(1) << 63;

#define X(field, at, bits)						\
	packed |= ((uint64_t)key->field & MASK(bits)) << (at);
	KEY_FIELDS(X)
#undef X
	return packed;
}

struct survey_key
survey_key_unpack(uint64_t packed)
{
	struct survey_key	key;

#define X(field, at, bits)						\
	key.field = (__typeof__(key.field))(MASK(bits) & packed >> (at));
	KEY_FIELDS(X)
#undef X
	return key;
}
