/*
 * What is found where the state should be: another's file, one that somebody
 * changed, no place for one; and more in it than usual.
 */
#include "state_scene.h"

/* A file that is not, or no longer, what we wrote. */
static void
test_other_files(void **state)
{
	static const struct {
		const char		*sql, *why;
		enum state_result	 want;
		bool			 damaged;
	} cases[] = {
		{ "UPDATE meta SET value = zeroblob(64) WHERE name = 'boot'",
		    "", STATE_OK, false },
		{ "DELETE FROM meta WHERE name = 'boot'", "", STATE_OK,
		    false },
		{ "DELETE FROM meta WHERE name = 'key'", "head", STATE_OK,
		    true },
		{ "DELETE FROM meta WHERE name = 'created'", "head", STATE_OK,
		    true },
		{ "DELETE FROM meta WHERE name = 'machine'", "head", STATE_OK,
		    true },
		{ "UPDATE meta SET value = 'short' WHERE name = 'key'",
		    "head", STATE_OK, true },
		{ "UPDATE meta SET value = zeroblob(64) WHERE name = "
		    "'machine'", "another machine", STATE_OK, true },
		{ "UPDATE counters SET family = NULL", "a counter", STATE_OK,
		    true },
		{ "UPDATE counters SET labels = NULL", "a counter", STATE_OK,
		    true },
		{ "UPDATE counters SET value = value + 1", "a counter",
		    STATE_OK, true },
		{ "UPDATE pages SET data = zeroblob(100)", "a page", STATE_OK,
		    true },
		{ "UPDATE pages SET sum = sum + 1", "a page", STATE_OK, true },
		{ "UPDATE files SET handle = zeroblob(1000)", "a file's row",
		    STATE_OK, true },
		{ "UPDATE files SET size = size + 1", "a file's row", STATE_OK,
		    true },
		{ "UPDATE notes SET body = 'x'", "a note", STATE_OK, true },
		{ "DROP TABLE pages", "pages", STATE_OK, true },
		{ "PRAGMA application_id = 1; PRAGMA user_version = 0",
		    "not a state file", STATE_OK, true },
		{ "PRAGMA application_id = 1", "not a state file",
		    STATE_FAILED, false },
		{ "PRAGMA user_version = 9", "newer", STATE_NEWER, false },
	};
	struct state_opening	 how;
	struct state		*s;
	enum state_result	 rc;
	size_t			 i;

	(void)state;
	start_from_one();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_good();
		change(cases[i].sql);
		rc = state_look(&s, STATE, &how);
		if (rc == STATE_OK)
			state_close(s);
		else if (strstr(how.error, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].sql, how.error);
		/* another machine's may be looked at */
		assert_int_equal(rc == STATE_OK, cases[i].want == STATE_OK &&
		    (!cases[i].damaged ||
		    strcmp(cases[i].why, "another machine") == 0));
		rc = state_open(&s, STATE, &how);
		if (rc != cases[i].want || how.damaged != cases[i].damaged ||
		    strstr(how.error, cases[i].why) == NULL)
			fail_msg("%s: %d %s", cases[i].sql, rc, how.error);
		if (rc != STATE_OK)
			continue;
		if (state_rebooted(s) != (i < 2))
			fail_msg("%s: another boot?", cases[i].sql);
		assert_true(save(s, 1));
		state_close(s);
	}
}

/* Paths where no state can be. */
static void
test_bad_paths(void **state)
{
	static const char	*const made[] = {
		"mkdir -p locked/state.db.lock", "mkdir -p dir/state.db",
		"touch file", "mkdir link; ln -s /none link/state.db",
	};
	static const char	*const path[] = {
		"locked/state.db", "dir/state.db", "file/state.db",
		"file/below/state.db", "link/state.db", "",
	};
	struct state_opening	 how;
	struct state		*s;
	char			 longer[5001];
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		assert_int_equal(system(made[i]), 0);
	for (i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		assert_int_equal(state_open(&s, path[i], &how), STATE_FAILED);
		assert_string_not_equal(how.error, "");
	}
	memset(longer, 'a', sizeof(longer));
	longer[5000] = '\0';
	assert_int_equal(state_open(&s, longer, &how), STATE_FAILED);
	longer[4092] = '\0';
	assert_int_equal(state_open(&s, longer, &how), STATE_FAILED);
	/* in the working directory */
	assert_int_equal(state_open(&s, "state.db", &how), STATE_OK);
	state_close(s);
}

/* More counters than fit at first, and more regions than there can be. */
static void
test_many(void **state)
{
	struct state_opening	 how;
	struct state		*s;
	struct region		 r;
	char			 labels[16];
	int			 i, turn;

	(void)state;
	assert_int_equal(state_open(&s, STATE, &how), STATE_OK);
	for (turn = 0; turn < 2; turn++) {
		assert_int_equal(state_begin(s), 0);
		for (i = turn; i < 3000 + turn; i++) {
			snprintf(labels, sizeof(labels), "%d", i);
			state_counter(s, "many", labels, (uint64_t)i);
		}
		assert_int_equal(state_commit(s), 0);
	}
	assert_int_equal(region_init(&r, "page", 1, REGION_PAGE), 0);
	assert_int_equal(state_load_region(s, &r), 0);
	assert_int_equal(state_begin(s), 0);
	for (i = 0; i <= STATE_REGIONS; i++)
		state_region(s, &r);
	assert_int_equal(state_commit(s), -1);
	assert_string_equal(state_error(s), "too many regions");
	region_fini(&r);
	/* of another layout it is not loaded, and replaced */
	assert_true(save(s, 1));
	assert_int_equal(region_init(&r, "page", 2, REGION_PAGE), 0);
	assert_int_equal(state_load_region(s, &r), 0);
	region_touch(&r, r.base, 1);
	assert_int_equal(state_begin(s), 0);
	state_region(s, &r);
	assert_int_equal(state_commit(s), 0);
	assert_int_equal(state_load_region(s, &r), 1);
	region_fini(&r);
	assert_int_equal(region_init(&r, "page", 2, 2 * REGION_PAGE), 0);
	assert_int_equal(state_load_region(s, &r), 0);
	region_fini(&r);
	state_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_other_files),
		T(test_bad_paths),
		T(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
