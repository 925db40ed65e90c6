/*
 * attack - a corpus of hostile lines: "line<TAB>verdict", as tell.h says it,
 * with "key=value" behind it if the parties of the line count, too.
 *
 * Each line is read whole, and then cut behind each of its bytes. A cut line
 * may mean the same or be unknown; it never means something else. Lines of
 * Exim and Sendmail have no end: one may lose its code, but keeps outcome and
 * class.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include "tell.h"

static inline bool
attack_same(const struct told *cut, const struct told *whole)
{
	const struct mail_event	*a = &cut->event, *b = &whole->event;

	if (cut->result != PARSE_EVENT)
		return cut->result == PARSE_UNKNOWN ||
		    whole->result == PARSE_IGNORED;
	return whole->result == PARSE_EVENT && a->kind == b->kind &&
	    a->outcome == b->outcome && (a->reply.code == b->reply.code ||
	    (a->mta != MTA_POSTFIX && a->reply.code == 0)) &&
	    reply_class_of(&a->reply) == reply_class_of(&b->reply);
}

/*
 * Where cutting may begin. Exim shows a local part without its quotes, and
 * with them behind it: until then the line may be another, and whole.
 */
static inline size_t
attack_begin(const struct told *whole, struct view line)
{
	const struct mail_event	*e = &whole->event;
	size_t			 at;

	if (whole->result != PARSE_EVENT || e->mta != MTA_EXIM ||
	    view_find(e->recipients, ' ', 0) == e->recipients.n)
		return 0;
	at = (size_t)(e->recipients.p - line.p) + e->recipients.n;
	at += view_search(view_sub(line, at, line.n), VIEW("@evil.example>"));
	return at + sizeof("@evil.example>") - 1;
}

/* Wherever it is cut, the line says the same or less. */
static inline void
attack_cuts(struct told *whole, struct told *cut, enum mta mta,
    struct view line)
{
	/* an ambiguous line is known as such by its end only */
	for (size_t n = attack_begin(whole, line); n < line.n &&
	    whole->result != PARSE_UNKNOWN; n++) {
		tell_parse(cut, mta, view_sub(line, 0, n));
		if (attack_same(cut, whole))
			continue;
		if (cut->result == PARSE_EVENT)
			tell_verdict(cut);
		fail_msg("cut: %.*s\n got %s\nwant %s", (int)n, line.p,
		    cut->text, whole->text);
	}
}

static inline void
attack_line(enum mta mta, struct view line, const char *want)
{
	struct told	*whole = malloc(sizeof(*whole));
	struct told	*cut = malloc(sizeof(*cut));

	tell_parse(whole, mta, line);
	if (whole->result == PARSE_EVENT)
		tell_verdict(whole);
	if (whole->result == PARSE_EVENT && strchr(want, '=') != NULL)
		tell_parties(whole);
	if (strcmp(whole->text, want) != 0)
		fail_msg("%.*s\n got %s\nwant %s", (int)line.n, line.p,
		    whole->text, want);
	attack_cuts(whole, cut, mta, line);
	free(whole);
	free(cut);
}

/* The number of lines read; a comment starts with "# ". */
static inline size_t
attack_corpus(const char *path, enum mta mta)
{
	FILE	*file = fopen(path, "r");
	char	*buf = NULL, *tab;
	size_t	 size = 0, lines = 0;
	ssize_t	 n;

	if (file == NULL)
		fail_msg("cannot open %s: run from the top of the tree", path);
	while ((n = getline(&buf, &size, file)) > 0) {
		if (buf[n - 1] == '\n')
			buf[n - 1] = '\0';
		tab = strrchr(buf, '\t');
		if (tab == NULL || strncmp(buf, "# ", 2) == 0)
			continue;
		attack_line(mta, (struct view){ buf, (size_t)(tab - buf) },
		    tab + 1);
		lines++;
	}
	free(buf);
	fclose(file);
	return lines;
}

#endif
