#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "config.h"

static void	tell(const struct config *);
static void	warn_twice(const struct config *);
static bool	may_be_same(const struct config_source *,
		    const struct config_source *);

int
cmd_check(int argc, char **argv)
{
	const char	*file = config_usual_file();
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*c;
	int		 opt;

	while ((opt = getopt(argc, argv, "c:")) != -1) {
		if (opt != 'c')
			return EXIT_USAGE;
		file = optarg;
	}
	if (optind != argc)
		return EXIT_USAGE;
	if (config_load_live(&c, file, error) == -1) {
		fprintf(stderr, "%s\n", error);
		return EXIT_CONFIG;
	}
	tell(c);
	warn_twice(c);
	config_free(c);
	return EXIT_OK;
}

static void
tell(const struct config *c)
{
	printf("%s: ok\n", c->file == NULL ? "built-in defaults" : c->file);
	for (size_t i = 0; i < c->notes.count; i++)
		printf("note: %s\n", c->notes.item[i]);
	for (size_t i = 0; i < c->source_count; i++)
		printf("source %s: %s\n", c->source[i].name,
		    c->source[i].path != NULL ? c->source[i].path :
		    "the journal");
	for (size_t i = 0; i < c->listen.count; i++)
		printf("listen: %s\n", c->listen.item[i]);
	printf("state: %s\n", *c->state == '\0' ? "none" : c->state);
}

static void
warn_twice(const struct config *c)
{
	for (size_t i = 0; i < c->source_count; i++)
		for (size_t n = 0; n < i; n++)
			if (may_be_same(&c->source[n], &c->source[i]))
				printf("warning: sources %s and %s carry the "
				    "same MTA; if they are the same mail, "
				    "it counts twice\n", c->source[n].name,
				    c->source[i].name);
}

/* The journal holds what rsyslog writes to files; two files are the same
   only when both are said to be of one MTA. */
static bool
may_be_same(const struct config_source *a, const struct config_source *b)
{
	if (a->journal != b->journal)
		return a->mta == b->mta || a->mta == MTA_AUTO ||
		    b->mta == MTA_AUTO;
	return a->mta == b->mta && a->mta != MTA_AUTO;
}
