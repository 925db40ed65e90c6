#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>
#include <cmocka.h>

#include "config.h"
#include "config_fill.h"
#include "config_find.h"

#define MAIL	"source \"m\" { path = \"/x\" }\n"
#define BCRYPT	"$2b$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234"

static char	dir[] = "/tmp/test_config.XXXXXX";
static char	file[64];

/* want: the whole message behind "FILE"; NULL: the text is sound. */
static const struct {
	const char	*what, *text, *want;
} cases[] = {
	{ "nothing at all", "", NULL },
	{ "only comments", "# a\n// b\n/* c\n */\n", NULL },
	{ "no LF at the end", "providers = 5", NULL },
	{ "CRLF", MAIL "providers = 5\r\n", NULL },
	{ "unknown option", MAIL "lisen = {}\n", ":2: there is no option "
	    "'lisen' here; did you mean 'listen'?" },
	{ "unknown option, nothing near", "colour = red", ":1: there is no "
	    "option 'colour' here" },
	{ "unknown option in a section", "tenant {\n tpo = 3 }", ":2: there "
	    "is no option 'tpo' in section tenant; did you mean 'top'?" },
	{ "unknown section", "\n\nsorce \"a\" { }", ":3: there is no option "
	    "'sorce' here; did you mean 'source'?" },
	{ "lines behind comments", "# a\n# b # c\n/* d */ /* e\n */\n"
	    "// f\nx = 1\n", ":6: there is no option 'x' here" },
	{ "wrong type", "providers = many", ":1: providers: 'many' is wrong, "
	    "allowed: 0 to 200" },
	{ "out of range", "retention = 10m", ":1: retention: '10m' is wrong, "
	    "allowed: 1h to 366d" },
	{ "in an untitled section", "spike {\n sensitivity = high }",
	    ":2: spike.sensitivity: 'high' is wrong, allowed: off, normal "
	    "or sensitive" },
	{ "in a titled section", "source \"m\" { path = '/x'\ntz = Mars }",
	    ":2: source \"m\": tz: 'Mars' is wrong, allowed: a zone that this "
	    "machine knows, such as Europe/Berlin" },
	{ "several at once", "suppression = y\nproviders = x",
	    ":1: suppression: 'y' is wrong, allowed: true or false\n"
	    "F:2: providers: 'x' is wrong, allowed: 0 to 200" },
	{ "given twice", "providers = 1\nproviders = 2",
	    ":2: providers is given twice" },
	{ "a list given twice", "internal = {a}\ninternal = {b}",
	    ":2: internal is given twice" },
	{ "a list made longer", "internal = {a}\ninternal += {b}", NULL },
	{ "twice in two sections", "tenant { top = 1 }\ntenant { top = 2 }",
	    ":2: top is given twice" },
	{ "an untitled section in two parts",
	    "tenant { top = 1 }\ntenant { by = login }", NULL },
	{ "no address to listen", "listen = {}", ": listen: it needs an "
	    "address" },
	{ "duplicate title", MAIL MAIL, ":2: found duplicate title 'm'" },
	{ "bad title", "source \"a b\" { path = '/x' }", ":1: source "
	    "\"a b\": this title is wrong, allowed: 1 to 63 letters, digits, "
	    "'.', '_' and '-'" },
	{ "no title", "source { path = '/x' }", ":1: missing title for "
	    "section 'source'" },
	{ "no end", "\nsource \"m\" {\n", ":2: a section or list has no "
	    "closing brace; the last one opened is here" },
	{ "no end of a list", "internal = { a", ":1: a section or list has "
	    "no closing brace; the last one opened is here" },
	{ "one brace too many", "}", ":1: unexpected closing brace" },
	{ "no equal sign", "providers 5", ":1: missing equal sign after "
	    "option 'providers'" },
	{ "open string", "\nstate = \"abc\n", ":2: the text in \" that "
	    "starts here has no end" },
	{ "open single string", "\nstate = 'abc\n", ":2: the text in ' that "
	    "starts here has no end" },
	{ "open comment", "\n\n/* abc\n", ":3: the comment that starts here "
	    "has no end" },
	{ "a backslash in double quotes",
	    "reason \"r\" { match = \"\\d+\" reason = content }",
	    ":1: \\d within \" would lose its backslash, use ' for such "
	    "texts" },
	{ "a dollar without end", "state = \"${HOME\"", ":1: ${ without } is "
	    "not allowed; ${NAME} is a variable of the environment, use ' for "
	    "the text itself" },
	{ "a star outside of quotes", "source \"m\" { path = /var/*.log }",
	    ":1: '*' is not allowed here, a text with it must stand in "
	    "quotes" },
	{ "a URL outside of quotes", "webhook \"w\" { url = http://x }",
	    ":1: '/' is not allowed here, a text with it must stand in "
	    "quotes" },
	{ "a path outside of quotes", "source \"m\" { path = /var/x.log }",
	    NULL },
	{ "source without anything", "source \"m\" { }", ":1: source \"m\": "
	    "it needs path or journal = true" },
	{ "source with both", "source \"m\" { path = '/x' journal = true }",
	    ":1: source \"m\": path and journal exclude each other" },
	{ "source twice", "source \"a\" { path = '/x' }\n"
	    "source \"b\" { path = '/x' }", ":2: source \"b\": its path is "
	    "that of source \"a\": every mail would count twice" },
	{ "provider without anything", "provider \"p\" { }",
	    ":1: provider \"p\": it needs mx or domain" },
	{ "reason without a condition", "reason \"r\" { reason = content }",
	    ":1: reason \"r\": it needs provider, code, enhanced or match" },
	{ "reason without a reason", "reason \"r\" { code = 550 }",
	    ":1: reason \"r\": it needs reason" },
	{ "bad pattern", "reason \"r\" { match = '(a' reason = content }",
	    ":1: reason \"r\": match: missing closing parenthesis, at column 3 "
	    "of '(a'" },
	{ "bad pattern further down", "reason \"r\" {\n code = 550\n"
	    " match = 'a[b'\n reason = content\n}",
	    ":3: reason \"r\": match: missing terminating ] for character "
	    "class, at column 4 of 'a[b'" },
	{ "unknown provider", "rule \"r\" { code = 450 provider = gogle }",
	    ":1: rule \"r\": provider: there is no provider 'gogle'; did you "
	    "mean 'google'?" },
	{ "own provider", "provider \"p\" { mx = {a} }\n"
	    "rule \"r\" { code = 450 provider = p }", NULL },
	{ "provider with a dot", "rule \"r\" { code = 450 "
	    "provider = example.org }", NULL },
	{ "rule without a condition", "rule \"r\" { count = 5 }",
	    ":1: rule \"r\": it needs a condition: code, class, enhanced, "
	    "reason or silence" },
	{ "unknown egress", "rule \"r\" { code = 450 egress = out }",
	    ":1: rule \"r\": egress: there is no section egress \"out\"" },
	{ "egress without anything", "egress \"e\" { }", ":1: egress \"e\": "
	    "it needs instance, service, transport or address" },
	{ "receiver without a URL", "alertmanager \"a\" { timeout = 5s }",
	    ":1: alertmanager \"a\": it needs url" },
	{ "bad URL", "webhook \"w\" { url = 'chat.example' }",
	    ":1: webhook \"w\": url: 'chat.example' is wrong, allowed: a URL "
	    "that starts with http:// or https://" },
	{ "user alone", "webhook \"w\" { url = 'http://a' user = u }",
	    ":1: webhook \"w\": user and password_file go together" },
	{ "secret that is not there",
	    "webhook \"w\" { url = 'http://a' token_file = '/no/such' }",
	    ":1: webhook \"w\": token_file: /no/such: No such file or "
	    "directory" },
	{ "bad label", "labels { \"a-b\" = x }", ": labels: 'a-b' is wrong, "
	    "allowed: letters, digits and '_'" },
	{ "label of ours", "labels { severity = x }", ": labels: 'severity' "
	    "is set by smtpulse itself" },
	{ "open to the world", "\nlisten = {\"0.0.0.0:1\"}",
	    ":2: listen: '0.0.0.0:1' is not loopback and needs a section web "
	    "with cert, key and users, token_file or client_ca, or with "
	    "insecure = true" },
	{ "users are not enough", "listen = {\"[::]:1\"}\n"
	    "web { users = {'a:" BCRYPT "'} }",
	    ":1: listen: '[::]:1' is not loopback and needs a section web "
	    "with cert, key and users, token_file or client_ca, or with "
	    "insecure = true" },
	{ "open and meant so", "listen = {\"0.0.0.0:1\"}\n"
	    "web { insecure = true }", NULL },
	{ "loopback in six", "listen = {\"[::1]:1\", \"127.9.9.9:1\"}", NULL },
	{ "cert alone", "web { cert = '/dev/null' }", ":1: web.cert: cert and "
	    "key go together" },
	{ "include of nothing", "\ninclude(\"no.conf\")\n",
	    "/no.conf: No such file or directory" },
	{ "include of itself", "include(\"agent.conf\")\n", ":1: files "
	    "include each other more than 8 deep" },
	{ "include of a directory", "include(\"/tmp\")\n", "/tmp: is not a "
	    "file" },
};

static void
put(const char *path, const char *text)
{
	FILE	*out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* Names of the file become F, where a message starts with one. */
static void
shorten(char *error)
{
	char	*at;
	size_t	 n = strlen(file);

	while ((at = strstr(error, file)) != NULL) {
		*at = 'F';
		memmove(at + 1, at + n, strlen(at + n) + 1);
	}
}

static void
test_cases(void **state)
{
	char		 error[CONFIG_ERROR_BYTES], want[1024];
	struct config	*c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int rc;

		put(file, cases[i].text);
		rc = config_load(&c, file, error);
		if (rc == 0) {
			config_free(c);
			if (cases[i].want != NULL)
				fail_msg("%s: got 0, want %s", cases[i].what,
				    cases[i].want);
			continue;
		}
		shorten(error);
		if (cases[i].want == NULL)
			fail_msg("%s: got %s", cases[i].what, error);
		snprintf(want, sizeof(want), "%s%s",
		    cases[i].want[0] == ':' ? "F" :
		    strncmp(cases[i].want, "/no", 3) == 0 ? dir : "",
		    cases[i].want);
		if (strcmp(error, want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].what, error,
			    want);
	}
}

static void
load(struct config **c, const char *text)
{
	char	error[CONFIG_ERROR_BYTES] = "";

	put(file, text);
	if (config_load(c, file, error) == -1)
		fail_msg("%s", error);
}

static const struct config_rule *
rule(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->rule_count; i++)
		if (strcmp(c->rule[i].name, name) == 0)
			return &c->rule[i];
	fail_msg("no rule %s", name);
	return NULL;
}

static void
test_builtin_rules(void **state)
{
	struct config	*c;

	(void)state;
	load(&c, MAIL "rule \"421\" { count = 50 }\n"
	    "rule \"554\" { enabled = false }\n"
	    "rule \"mine\" { class = 5xx severity = critical }\n");
	assert_int_equal(c->rule_count, 5);
	assert_int_equal(rule(c, "421")->count, 50);
	assert_int_equal(rule(c, "421")->code, 421);
	assert_int_equal(rule(c, "421")->for_s, 120);
	assert_int_equal(rule(c, "421")->clear_s, 300);
	assert_true(rule(c, "421")->ratio == 0.2);
	assert_true(rule(c, "421")->builtin && rule(c, "421")->enabled);
	assert_false(rule(c, "554")->enabled);
	assert_true(rule(c, "530")->immediate && rule(c, "535")->immediate);
	assert_false(rule(c, "mine")->builtin);
	assert_int_equal(rule(c, "mine")->class, CLASS_5XX);
	assert_int_equal(rule(c, "mine")->reason, -1);
	assert_int_equal(rule(c, "mine")->severity, SEVERITY_CRITICAL);
	assert_int_equal(rule(c, "421")->severity, -1);
	assert_int_equal(rule(c, "mine")->line, 4);
	config_free(c);
}

static void
test_values(void **state)
{
	struct config	*c;

	(void)state;
	assert_int_equal(setenv("TEST_CONFIG_DIR", "/logs", 1), 0);
	load(&c, "listen = {\"127.0.0.1:0\", \"[::1]:0\"}\n"
	    "state = ''\n"
	    "source \"m\" { path = \"${TEST_CONFIG_DIR}/mail\" mta = exim }\n"
	    "reason \"r\" { match = 'it\\'s \\d+' reason = content }\n"
	    "labels { cluster = \"fra1\" dc = x }\n");
	assert_int_equal(c->listen.count, 2);
	assert_string_equal(c->listen.item[1], "[::1]:0");
	assert_string_equal(c->state, "");
	assert_string_equal(c->source[0].path, "/logs/mail");
	assert_int_equal(c->source[0].mta, MTA_EXIM);
	assert_string_equal(c->label[1].name, "dc");
	assert_int_equal(c->retention_s, 30 * 86400);
	config_free(c);
}

static void
test_include(void **state)
{
	char		 path[128];
	struct config	*c;
	char		 error[CONFIG_ERROR_BYTES];

	(void)state;
	snprintf(path, sizeof(path), "%s/more.conf", dir);
	put(path, "# more\nsource \"more\" { path = '/more' }\n");
	load(&c, MAIL "include(\"more.conf\")\nproviders = 7\n");
	assert_int_equal(c->source_count, 2);
	assert_int_equal(c->providers, 7);
	assert_string_equal(c->source[1].file, path);
	config_free(c);
	put(path, "\n\nsuppression = x\n");
	assert_int_equal(config_load(&c, file, error), -1);
	if (strstr(error, "more.conf:3: suppression: 'x'") == NULL)
		fail_msg("%s", error);
	/* what an error leaves behind must not spoil the next reading */
	for (int i = 0; i < 20; i++) {
		put(path, "providers = \"\n");
		assert_int_equal(config_load(&c, file, error), -1);
		put(path, "} { = \n");
		assert_int_equal(config_load(&c, file, error), -1);
	}
	put(path, "\n");
	assert_int_equal(config_load(&c, file, error), 0);
	config_free(c);
}

static void
test_bad_files(void **state)
{
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*c;
	FILE		*out;

	(void)state;
	assert_int_equal(config_load(&c, "/no/such", error), -1);
	assert_string_equal(error, "/no/such: No such file or directory");
	assert_int_equal(config_load(&c, dir, error), -1);
	assert_non_null(strstr(error, ": is not a file"));
	out = fopen(file, "w");
	assert_non_null(out);
	fwrite("a\0b", 1, 3, out);
	fclose(out);
	assert_int_equal(config_load(&c, file, error), -1);
	assert_non_null(strstr(error, "NUL byte"));
	out = fopen(file, "w");
	assert_non_null(out);
	for (int i = 0; i < 1 << 20; i++)
		fputs("# ", out);
	fclose(out);
	assert_int_equal(config_load(&c, file, error), -1);
	assert_non_null(strstr(error, "larger than"));
}

static bool
has_note(const struct config *c, const char *text)
{
	for (size_t i = 0; i < c->notes.count; i++)
		if (strstr(c->notes.item[i], text) != NULL)
			return true;
	return false;
}

/* Secrets that anybody can read, and a file that anybody can write. */
static void
test_open_files(void **state)
{
	static const char	*const refused[] = {
		"web { token_file = '",
		"web { cert = '/dev/null' key = '",
	};
	static const struct {
		const char	*text, *note;
	} noted[] = {
		{ "webhook w { url = 'http://a' token_file = '",
		    "the token in it" },
		{ "alertmanager a { url = 'http://a' user = u "
		    "password_file = '", "the password in it" },
		{ "web { users = {'ann:" BCRYPT "'} } labels { a = '",
		    "the users' hashes in it" },
	};
	char		 error[CONFIG_ERROR_BYTES], text[512], secret[80];
	struct config	*c;

	(void)state;
	snprintf(secret, sizeof(secret), "%s/secret", dir);
	put(secret, "a long enough secret");
	for (int open = 0; open < 2; open++) {
		chmod(secret, open ? 0604 : 0640);
		for (size_t i = 0; i < 2; i++) {
			snprintf(text, sizeof(text), "%s%s' }", refused[i],
			    secret);
			put(file, text);
			assert_int_equal(config_load(&c, file, error),
			    open ? -1 : 0);
			if (open)
				assert_non_null(strstr(error, ":1: web."));
			config_free(c);
		}
		for (size_t i = 0; i < 3; i++) {
			snprintf(text, sizeof(text), "%s%s' }",
			    noted[i].text, secret);
			put(file, text);
			chmod(file, open ? 0644 : 0640);
			assert_int_equal(config_load(&c, file, error), 0);
			assert_int_equal(has_note(c, noted[i].note), open);
			config_free(c);
		}
	}
	assert_int_equal(chmod(file, 0646), 0);
	assert_int_equal(config_load(&c, file, error), -1);
	assert_non_null(strstr(error, "anybody can write to it"));
	assert_int_equal(chmod(file, 0644), 0);
	assert_int_equal(unlink(secret), 0);
}

/* More mistakes than the buffer holds: its end is said, and no overflow. */
static void
test_many_mistakes(void **state)
{
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*c;
	FILE		*out = fopen(file, "w");

	(void)state;
	assert_non_null(out);
	for (int i = 0; i < 300; i++)
		fprintf(out, "source \"s%d\" { path = '/%d' mta = x }\n", i,
		    i);
	fclose(out);
	assert_int_equal(config_load(&c, file, error), -1);
	assert_true(strlen(error) < CONFIG_ERROR_BYTES);
	assert_non_null(strstr(error, "\nthere are more mistakes"));
}

static void
test_example(void **state)
{
	char		 error[CONFIG_ERROR_BYTES] = "";
	struct config	*c;

	(void)state;
	if (config_load(&c, "agent.conf.example", error) == -1)
		fail_msg("%s", error);
	assert_int_equal(c->providers, 50);
	config_free(c);
}

static void
touch_log(const char *name, const char *text, int64_t when)
{
	char		path[256], parent[256];
	struct utimbuf	times = { (time_t)when, (time_t)when };

	snprintf(path, sizeof(path), "%s/root%s", dir, name);
	for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')) != NULL;
	    p++) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(p - path),
		    path);
		mkdir(parent, 0700);
	}
	put(path, text);
	assert_int_equal(utime(path, &times), 0);
}

static void
test_find(void **state)
{
	enum { NOW = 1800000000 };
	struct config	*c = config_new();
	char		 root[128], path[256], other[256];

	(void)state;
	snprintf(root, sizeof(root), "%s/root", dir);
	assert_int_equal(config_find_sources(c, root, NOW), 0);
	assert_int_equal(c->source_count, 0);
	assert_non_null(strstr(c->notes.item[0], "no mail log found"));
	config_free(c);

	touch_log("/var/log/mail.log", "x\n", NOW - 7200);
	touch_log("/var/log/exim4/mainlog", "", NOW - 90000);
	snprintf(path, sizeof(path), "%s/var/log/mail.log", root);
	snprintf(other, sizeof(other), "%s/var/log/maillog", root);
	assert_int_equal(symlink(path, other), 0);
	c = config_new();
	assert_int_equal(config_find_sources(c, root, NOW), 0);
	/* maillog is the same file */
	assert_int_equal(c->source_count, 2);
	assert_string_equal(c->source[0].path, path);
	assert_string_equal(c->source[0].name, "mail");
	assert_string_equal(c->source[1].name, "exim");
	assert_non_null(strstr(c->notes.item[0], "written 2 hours ago"));
	assert_non_null(strstr(c->notes.item[1], "which is empty now"));
	config_free(c);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof(file), "%s/agent.conf", dir);
	return 0;
}

static int
teardown(void **state)
{
	char	command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_builtin_rules),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_include),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_open_files),
		cmocka_unit_test(test_many_mistakes),
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
