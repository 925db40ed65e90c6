#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "config.h"
#include "version.h"

enum { TABLE_BYTES = 32 * 1024 };

/* In the order of --help; ends with an empty row. */
static const struct command commands[] = {
	{ "run", cmd_run, "[-c FILE] [--or-demo]",
	    "Follow the logs and serve metrics and alerts, in the foreground.",
	    "  -c FILE   instead of " CONFIG_FILE "; without either the usual\n"
	    "            mail logs that are there are read\n"
	    "  --or-demo if no mail log is found, run the demo instead\n"
	    "SIGHUP reads the configuration again, SIGTERM ends cleanly.\n" },
	{ "replay", cmd_replay, "[OPTION]... FILE|-...",
	    "Read logs from their start, in log time, and print what they say.",
	    "  -c FILE         configuration; not needed\n"
	    "  --mta MTA       auto, postfix, exim or sendmail\n"
	    "  --format WHAT   events (one JSON object for each recipient),\n"
	    "                  metrics (as of /metrics at the end) or\n"
	    "                  accounting (lines by result, unknown "
	    "templates)\n"
	    "  --year Y        of stamps without one, for the first line\n"
	    "  --tz ZONE       of stamps without one, e.g. Europe/Berlin\n"
	    "FILE may be compressed with gzip; - is standard input.\n" },
	{ "report", cmd_report, "[OPTION]... [FILE|-]...",
	    "Print one look at logs: who fails, why, whose mail, what to do.",
	    "  --since T, --until T   like 2026-11-22, 2026-11-22T04:57 (with\n"
	    "                  a Z in UTC), or 90m, 24h, 7d before now\n"
	    "  --json          one JSON object instead of text\n"
	    "  --state FILE    what an agent, running or not, has counted\n"
	    "                  in its state, instead of logs\n"
	    "  -c FILE, --mta MTA, --year Y, --tz ZONE   as for replay\n"
	    "Without FILE the logs that run would follow are read.\n" },
	{ "explain", cmd_explain, "[OPTION]... [CODE [ENHANCED] [TEXT]]",
	    "Say what a reply means, who must act and what to do.",
	    "  --json            one JSON object for each reply\n"
	    "  --tsv             read lines code, enhanced code, provider and\n"
	    "                    text with tabs between them; write reason\n"
	    "                    and action\n"
	    "  --provider NAME   whose reply it is, e.g. google\n"
	    "  --mta MTA         show settings for postfix, exim or sendmail\n"
	    "  --unclassified FILE|-...   list replies in logs that no rule\n"
	    "                    knows, with sections for agent.conf\n"
	    "Without CODE replies or whole log lines are read from standard\n"
	    "input.\n" },
	{ "incident", cmd_incident, "[-c FILE] [ID]",
	    "Print an incident as Markdown; without ID list them.",
	    "  -c FILE   configuration, for the place of the state; instead\n"
	    "            of " CONFIG_FILE "\n"
	    "The agent may be running meanwhile. ID stands in every alert.\n" },
	{ "suppressions", cmd_suppressions, "[OPTION]... [FILE|-...]",
	    "List recipients that should not be written to again.",
	    "  --json, --csv   instead of text\n"
	    "  -c FILE, --mta MTA, --year Y, --tz ZONE   as for replay\n"
	    "Addresses that refused for good, stayed full for three days or\n"
	    "were unknown for two; not those accepted since. Without FILE "
	    "those\nthat a running agent with suppression = on has "
	    "gathered.\n" },
	{ "forget", cmd_forget, "[-c FILE] ADDRESS",
	    "Erase a suppression candidate from the state.",
	    "  -c FILE   instead of " CONFIG_FILE "\n"
	    "The agent must not be running: exit status 75 otherwise.\n" },
	{ "state", cmd_state, "[-c FILE] [--all] [STATE]",
	    "Print what an agent, running or not, has saved, as JSON.",
	    "  -c FILE   instead of " CONFIG_FILE "\n"
	    "  --all     also each counter, series and open message, and\n"
	    "            suppression candidates: addresses are among them\n"
	    "STATE is the file that the configuration names unless given. It\n"
	    "is verified and not changed; one that is damaged or of a newer\n"
	    "version is not shown: exit status 1.\n" },
	{ "top", cmd_top, "[--once] [URL]",
	    "Watch a running agent from a terminal.",
	    "  --once   print once and end\n"
	    "URL is http://127.0.0.1:10421 unless given; user and password\n"
	    "may stand in ~/.netrc. Keys: d alarm, a attempts, f failing now,\n"
	    "w waiting, n name; q quits.\n" },
	{ "demo", cmd_demo, "[--listen ADDRESS:PORT]",
	    "Run on a synthetic log: two hours of mail, an incident, live.",
	    "  --listen ADDRESS:PORT   instead of 127.0.0.1:10421\n"
	    "The log and the state lie in a temporary directory, which is\n"
	    "removed at the end.\n" },
	{ "check", cmd_check, "[-c FILE]",
	    "Validate the configuration and say what would be read.",
	    "  -c FILE   instead of " CONFIG_FILE "; without either the\n"
	    "            built-in defaults are shown\n" },
	{ NULL, NULL, NULL, NULL, NULL }
};

static const struct command	*find(const char *name);
static bool			 asks_help(int argc, char **argv);
static void			 help_all(FILE *);
static void			 help_one(const struct command *);
static int			 finish(int rc);

int
main(int argc, char **argv)
{
	const struct command	*command;
	int			 rc;

	/* tables of this size and more are pages that cost nothing until
	   they are touched */
	mallopt(M_MMAP_THRESHOLD, TABLE_BYTES);
	if (argc < 2) {
		help_all(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		version_print(stdout);
		return finish(EXIT_OK);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_all(stdout);
		return finish(EXIT_OK);
	}
	command = find(argv[1]);
	if (command == NULL) {
		fprintf(stderr, "smtpulse: there is no command '%s'; "
		    "'smtpulse --help' lists them\n", argv[1]);
		return EXIT_USAGE;
	}
	if (asks_help(argc - 1, argv + 1)) {
		help_one(command);
		return finish(EXIT_OK);
	}
	rc = command->run(argc - 1, argv + 1);
	if (rc == EXIT_USAGE)
		fprintf(stderr, "usage: smtpulse %s %s\n"
		    "'smtpulse %s --help' tells more\n", command->name,
		    command->arguments, command->name);
	return finish(rc);
}

static const struct command *
find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static bool
asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

static void
help_all(FILE *out)
{
	fputs("usage: smtpulse COMMAND [ARGUMENT...]\n\n"
	    "Reads the logs of Postfix, Exim and Sendmail and tells who "
	    "refuses the mail,\nwhy, whose mail it is and what to do.\n\n",
	    out);
	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(out, "  %-14s%s\n", c->name, c->help);
	fputs("\n  COMMAND --help tells more about one; --version names the "
	    "version.\n\n"
	    "Exit status: 0 ok, 1 failure at run time, 2 wrong command "
	    "line, 75 the state is\nin use by another instance, 78 bad "
	    "configuration.\n", out);
}

static void
help_one(const struct command *c)
{
	printf("usage: smtpulse %s %s\n\n%s\n", c->name, c->arguments,
	    c->help);
	if (c->options != NULL)
		printf("\n%s", c->options);
}

/* What was printed must have arrived: a full disk is a failure too. */
static int
finish(int rc)
{
	if (fflush(stdout) == EOF && rc == EXIT_OK) {
		perror("smtpulse: standard output");
		return EXIT_FAILED;
	}
	return rc;
}
