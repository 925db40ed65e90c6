#include <crypt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "auth.h"

static const unsigned char	home[16] = { 1 }, elsewhere[16] = { 2 };
static char	token_file[] = "/tmp/smtpulse-token-XXXXXX";
static char	user[256];
static char	*users[] = { user };

static int
setup(void **state)
{
	int	fd = mkstemp(token_file);

	(void)state;
	if (fd == -1 || write(fd, "0123456789abcdef\n", 17) != 17)
		return -1;
	close(fd);
	/* the cheapest cost there is; the password is "open sesame" */
	snprintf(user, sizeof(user), "alice:%s", crypt("open sesame",
	    "$2b$04$abcdefghijklmnopqrstuu"));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(token_file);
}

static struct auth *
made(bool with_token, bool with_users)
{
	struct config	c = { 0 };
	struct auth	*a;
	char		error[AUTH_ERROR_BYTES] = "";

	if (with_token)
		c.web_token_file = token_file;
	if (with_users)
		c.web_users = (struct config_list){ users, 1 };
	if (auth_init(&a, &c, error) == -1)
		fail_msg("%s", error);
	return a;
}

/* "alice:open sesame" is YWxpY2U6b3BlbiBzZXNhbWU= */
#define RIGHT	"Basic YWxpY2U6b3BlbiBzZXNhbWU="
#define WRONG	"Basic YWxpY2U6b3BlbiBzZXNhbQ=="		/* one short */
#define NOBODY	"Basic Ym9iOm9wZW4gc2VzYW1l"			/* bob:... */

static const struct {
	const char		*what, *header;
	enum auth_result	 want;
} cases[] = {
	{ "nothing", "", AUTH_NO },
	{ "right token", "Bearer 0123456789abcdef", AUTH_OK },
	{ "case of the scheme", "bearer  0123456789abcdef ", AUTH_OK },
	{ "part of the token", "Bearer 0123456789abcde", AUTH_NO },
	{ "more than the token", "Bearer 0123456789abcdef0", AUTH_NO },
	{ "empty token", "Bearer ", AUTH_NO },
	{ "token without scheme", "0123456789abcdef", AUTH_NO },
	{ "right password", RIGHT, AUTH_OK },
	{ "wrong password", WRONG, AUTH_NO },
	{ "nobody", NOBODY, AUTH_NO },
	{ "no base64", "Basic ???", AUTH_NO },
	{ "no colon", "Basic YWxpY2U=", AUTH_NO },
	{ "a NUL", "Basic YWxpY2U6b3BlbiBzZXNhbWUAeA==", AUTH_NO },
	{ "digest", "Digest username=\"alice\"", AUTH_NO },
};

static void
test_check(void **state)
{
	struct auth	*a = made(true, true);
	enum auth_result got;
	int64_t		 now = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		now += 10000;
		got = auth_check(a, view_of(cases[i].header), home, now);
		if (got != cases[i].want)
			fail_msg("%s: got %d, want %d", cases[i].what, got,
			    cases[i].want);
	}
	auth_free(a);
	/* what is not configured does not open */
	a = made(false, true);
	assert_int_equal(auth_check(a, VIEW("Bearer 0123456789abcdef"), home,
	    0), AUTH_NO);
	auth_free(a);
	a = made(true, false);
	assert_int_equal(auth_check(a, VIEW(RIGHT), home, 0), AUTH_NO);
	auth_free(a);
	assert_null(made(false, false));
}

/* Wrong ones are slowed down; those who were right before are not. */
static void
test_guessing(void **state)
{
	struct auth	*a = made(true, true);
	int		 tries = 0;

	(void)state;
	assert_int_equal(auth_check(a, VIEW(RIGHT), home, 0), AUTH_OK);
	while (auth_check(a, VIEW(WRONG), home, 0) == AUTH_NO)
		tries++;
	assert_int_equal(tries, 5);
	assert_int_equal(auth_check(a, VIEW(NOBODY), home, 0), AUTH_WAIT);
	assert_int_equal(auth_check(a, VIEW(RIGHT), home, 0), AUTH_OK);
	assert_int_equal(auth_check(a, VIEW("Bearer 0123456789abcdef"), home,
	    0), AUTH_OK);
	/* somebody else may still try, but all together not for ever */
	tries = 0;
	assert_int_equal(auth_check(a, VIEW(WRONG), elsewhere, 0), AUTH_NO);
	for (unsigned char i = 10; i < 100; i++)
		tries += auth_check(a, VIEW(WRONG),
		    (unsigned char[16]){ i }, 0) == AUTH_NO;
	assert_in_range(tries, 1, 5);
	/* it passes */
	assert_int_equal(auth_check(a, VIEW(WRONG), home, 5000), AUTH_NO);
	auth_free(a);
}

static void
test_refused_files(void **state)
{
	struct config	c = { .web_token_file = token_file };
	struct auth	*a;
	char		error[AUTH_ERROR_BYTES];

	(void)state;
	assert_int_equal(chmod(token_file, 0604), 0);
	assert_int_equal(auth_init(&a, &c, error), -1);
	assert_non_null(strstr(error, "anybody can read it"));
	assert_int_equal(chmod(token_file, 0600), 0);
	assert_int_equal(truncate(token_file, 15), 0);
	assert_int_equal(auth_init(&a, &c, error), -1);
	assert_non_null(strstr(error, "at least 16"));
	c.web_token_file = (char[]){ "/nowhere/token" };
	assert_int_equal(auth_init(&a, &c, error), -1);
	assert_non_null(strstr(error, "/nowhere/token: No such file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_guessing),
		cmocka_unit_test(test_refused_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
