#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "command.h"
#include "daemon.h"
#include "log.h"

int
cmd_run(int argc, char **argv)
{
	static const struct option	options[] = {
		{ "or-demo", no_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 }
	};
	const char	*file = config_usual_file();
	char		 error[CONFIG_ERROR_BYTES];
	struct config	*config;
	bool		 or_demo = false;
	int		 opt;

	while ((opt = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		if (opt == 'c')
			file = optarg;
		else if (opt == 'd')
			or_demo = true;
		else
			return EXIT_USAGE;
	}
	if (optind != argc)
		return EXIT_USAGE;
	log_init();
	if (config_load_live(&config, file, error) == -1) {
		fprintf(stderr, "%s\n", error);
		return EXIT_CONFIG;
	}
	for (size_t i = 0; i < config->notes.count; i++)
		log_info("%s", config->notes.item[i]);
	if (config->source_count == 0 && or_demo) {
		config_free(config);
		optind = 1;
		return cmd_demo(1, argv);
	}
	if (config->source_count == 0) {
		fprintf(stderr, "smtpulse: no mail log was found; name one in "
		    "a source section, or try 'smtpulse demo'\n");
		config_free(config);
		return EXIT_FAILED;
	}
	return daemon_run(config, file, NULL);
}
