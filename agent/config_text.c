#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_text.h"

struct scan {
	char		*p;		/* the next byte; *p is 0 at the end */
	int		 line;
	int		 depth;		/* open braces */
	int		 opened;	/* line of the last one opened */
	const char	*file;
	struct problems	*problems;
};

static ssize_t	read_all(int fd, char *buf, size_t size);
static int	scan_token(struct scan *);
static void	blank_line(struct scan *);
static int	blank_block(struct scan *);
static int	skip_single(struct scan *);
static int	skip_double(struct scan *);
static int	skip_escape(struct scan *);
static int	skip_variable(struct scan *);
static int	skip_bare(struct scan *);

char *
config_text_read(const char *file, struct problems *problems)
{
	struct stat	st;
	char		*text = NULL;
	ssize_t		n = -1;
	int		fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1) {
		problems_add(problems, file, 0, "%s", strerror(errno));
		return NULL;
	}
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		problems_add(problems, file, 0, "is not a file");
		goto out;
	}
	/* who may write here has us read files and post to addresses */
	if ((st.st_mode & S_IWOTH) != 0) {
		problems_add(problems, file, 0, "anybody can write to it; "
		    "chmod o-w first");
		goto out;
	}
	if (st.st_size > CONFIG_TEXT_MAX) {
		problems_add(problems, file, 0, "is larger than %d bytes",
		    CONFIG_TEXT_MAX);
		goto out;
	}
	text = malloc((size_t)st.st_size + 1);
	if (text != NULL)
		n = read_all(fd, text, (size_t)st.st_size + 1);
	if (n < 0)
		problems_add(problems, file, 0, "%s", strerror(errno));
	else if (n > st.st_size)
		problems_add(problems, file, 0, "grew while it was read");
	else if (memchr(text, '\0', (size_t)n) != NULL)
		problems_add(problems, file, 0, "is not a text: it has a NUL "
		    "byte");
	else
		goto out;
	free(text);
	text = NULL;
out:
	close(fd);
	if (text != NULL)
		text[n] = '\0';
	return text;
}

int
config_text_clean(char *text, const char *file, struct problems *problems)
{
	struct scan	s = { .p = text, .line = 1, .file = file,
			    .problems = problems };

	while (*s.p != '\0')
		if (scan_token(&s) == -1)
			return -1;
	/* libConfuse takes the end of the file for all missing braces */
	if (s.depth > 0) {
		problems_add(problems, file, s.opened, "a section or list has "
		    "no closing brace; the last one opened is here");
		return -1;
	}
	return 0;
}

static ssize_t
read_all(int fd, char *buf, size_t size)
{
	size_t	used = 0;
	ssize_t	n;

	do {
		n = read(fd, buf + used, size - used);
		if (n == -1)
			return -1;
		used += (size_t)n;
	} while (n > 0 && used < size);
	return (ssize_t)used;
}

static int
scan_token(struct scan *s)
{
	switch (*s->p) {
	case '\n':
		s->line++;
		s->p++;
		return 0;
	case '{':
		s->depth++;
		s->opened = s->line;
		s->p++;
		return 0;
	case '}':
		s->depth--;
		s->p++;
		return 0;
	case ' ': case '\t': case '(': case ')': case '=': case ',':
		s->p++;
		return 0;
	case '\r':
		*s->p++ = ' ';
		return 0;
	case '#':
		blank_line(s);
		return 0;
	case '\'':
		return skip_single(s);
	case '"':
		return skip_double(s);
	case '+':
		if (s->p[1] == '=') {
			s->p += 2;
			return 0;
		}
		break;
	case '/':
		if (s->p[1] == '/') {
			blank_line(s);
			return 0;
		}
		if (s->p[1] == '*')
			return blank_block(s);
		break;
	}
	return skip_bare(s);
}

static void
blank_line(struct scan *s)
{
	while (*s->p != '\0' && *s->p != '\n')
		*s->p++ = ' ';
}

static int
blank_block(struct scan *s)
{
	int	from = s->line;
	char	*end = strstr(s->p + 2, "*/");

	if (end == NULL) {
		problems_add(s->problems, s->file, from,
		    "the comment that starts here has no end");
		return -1;
	}
	for (; s->p < end + 2; s->p++) {
		if (*s->p == '\n')
			s->line++;
		else
			*s->p = ' ';
	}
	return 0;
}

static int
skip_single(struct scan *s)
{
	int	from = s->line;

	for (s->p++; *s->p != '\0'; s->p++) {
		if (*s->p == '\'') {
			s->p++;
			return 0;
		}
		if (*s->p == '\n')
			s->line++;
		if (*s->p == '\\' && (s->p[1] == '\\' || s->p[1] == '\''))
			s->p++;
	}
	problems_add(s->problems, s->file, from,
	    "the text in ' that starts here has no end");
	return -1;
}

static int
skip_double(struct scan *s)
{
	int	from = s->line;

	s->p++;
	while (*s->p != '\0') {
		if (*s->p == '"') {
			s->p++;
			return 0;
		}
		if (*s->p == '\\') {
			if (skip_escape(s) == -1)
				return -1;
			continue;
		}
		if (s->p[0] == '$' && s->p[1] == '{') {
			if (skip_variable(s) == -1)
				return -1;
			continue;
		}
		if (*s->p == '\n')
			s->line++;
		s->p++;
	}
	problems_add(s->problems, s->file, from,
	    "the text in \" that starts here has no end");
	return -1;
}

/* "\d" would become "d" without a word. */
static int
skip_escape(struct scan *s)
{
	char	c = s->p[1];

	if (c != '"' && c != '\\' && c != 'n' && c != 't') {
		problems_add(s->problems, s->file, s->line,
		    "\\%c within \" would lose its backslash, "
		    "use ' for such texts", c == '\0' ? ' ' : c);
		return -1;
	}
	s->p += 2;
	return 0;
}

static int
skip_variable(struct scan *s)
{
	char	*close = strchr(s->p, '}');
	size_t	 n = strcspn(s->p, "\"\n");

	if (close == NULL || close > s->p + n) {
		problems_add(s->problems, s->file, s->line,
		    "${ without } is not allowed; ${NAME} is a variable of "
		    "the environment, use ' for the text itself");
		return -1;
	}
	s->p = close + 1;
	return 0;
}

/* A word outside of quotes. What libConfuse would drop or cut is refused. */
static int
skip_bare(struct scan *s)
{
	if (s->p[0] == '$' && s->p[1] == '{')
		return skip_variable(s);
	do {
		unsigned char c = (unsigned char)*s->p;

		if (c < ' ' || c == 0x7f || strchr("*+|\\", c) != NULL ||
		    (c == '/' && s->p[1] == '/')) {
			problems_add(s->problems, s->file, s->line,
			    "'%c' is not allowed here, "
			    "a text with it must stand in quotes", c);
			return -1;
		}
		s->p++;
	} while (*s->p != '\0' && strchr(" \t\n\r{}()=,#'\"", *s->p) == NULL);
	return 0;
}
