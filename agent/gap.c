#include <assert.h>

#include "gap.h"

static const struct {
	const char	*name, *help;
} gaps[GAP_COUNT] = {
#define X(id, name, help) { name, help },
	GAPS(X)
#undef X
};

const char *
gap_name(enum gap g)
{
	assert(g < GAP_COUNT);
	return gaps[g].name;
}

const char *
gap_help(enum gap g)
{
	assert(g < GAP_COUNT);
	return gaps[g].help;
}
