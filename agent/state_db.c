#include <stdio.h>
#include <string.h>

#include "state_db.h"

const char *const state_sql[STMT_COUNT] = {
#define X(id, text) text,
	STATEMENTS(X)
#undef X
};

void
state_fail(struct state *s, sqlite3_stmt *stmt)
{
	if (!s->failed)
		snprintf(s->error, sizeof(s->error), "%s",
		    sqlite3_errmsg(s->db));
	s->failed = true;
	if (stmt != NULL)
		sqlite3_reset(stmt);
}

void
state_run(struct state *s, enum statement id)
{
	sqlite3_stmt	*stmt = s->stmt[id];

	if (s->failed)
		return;
	if (sqlite3_step(stmt) == SQLITE_DONE)
		sqlite3_reset(stmt);
	else
		state_fail(s, stmt);
}

void
sum_add(struct sum *sum, const void *p, size_t n)
{
	/* not a secret: it finds damage, not malice */
	static const uint8_t	key[SIPHASH_KEY_BYTES] = "smtpulse state";

	sum->value = sum->value * 31 + siphash13(key, p, n);
}

void
sum_add_text(struct sum *sum, const char *text)
{
	sum_add(sum, text, strlen(text));
}

void
sum_add_u64(struct sum *sum, uint64_t n)
{
	sum->value = (sum->value ^ n) * UINT64_C(0x9e3779b97f4a7c15) +
	    (n >> 32);
}
