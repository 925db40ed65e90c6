/*
 * command - what the first word of the command line may be.
 *
 * One row each in main.c's table. A command gets its own name as argv[0] and
 * answers with one of the exit codes below. main() answers --help for all of
 * them and, after EXIT_USAGE, says where help is.
 */
#ifndef COMMAND_H
#define COMMAND_H

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,	/* failure at run time */
	EXIT_USAGE = 2,		/* the command line is wrong */
	EXIT_LOCKED = 75,	/* state is in use by another instance */
	EXIT_CONFIG = 78	/* bad configuration */
};

struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*arguments;	/* as shown behind the name */
	const char	*help;		/* one line */
	const char	*options;	/* further lines, or NULL */
};

int	cmd_check(int argc, char **argv);
int	cmd_demo(int argc, char **argv);
int	cmd_explain(int argc, char **argv);
int	cmd_forget(int argc, char **argv);
int	cmd_incident(int argc, char **argv);
int	cmd_replay(int argc, char **argv);
int	cmd_report(int argc, char **argv);
int	cmd_run(int argc, char **argv);
int	cmd_state(int argc, char **argv);
int	cmd_suppressions(int argc, char **argv);
int	cmd_top(int argc, char **argv);

#endif
