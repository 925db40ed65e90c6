/*
 * explain - what a reply means, who must act and what to do next.
 *
 * The knowledge behind the command, the page and the alerts: constant tables
 * and the classifier. Pure; the views of an explanation point into the
 * question's text.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "buf.h"
#include "mail_event.h"
#include "reason.h"

struct question {
	struct reply	 reply;
	enum provider_id provider;	/* PROVIDER_OTHER: not known */
	const char	*provider_name;	/* NULL or empty: not known */
	struct view	 text;
	enum mta	 mta;		/* MTA_COUNT: not known */
};

struct explanation {
	struct reply		 reply;
	enum reply_class	 class;
	struct diagnosis	 diagnosis;
	const char		*rule_source;	/* where the rule is from */
	const char		*code_help;	/* of the basic code, or NULL */
	const char		*enhanced_name;	/* in the registry, or NULL */
	char			 enhanced_help[160];	/* may be empty */
	const char		*class_help;
	const char		*disagrees;	/* class and text; or NULL */
	const char		*who;		/* must act */
	const char		*next;		/* what to do */
	const char		*retry;		/* when to try again */
	const char		*note, *page;	/* the provider's; or NULL */
	const char		*provider_name;	/* or NULL */
};

void	explain(const struct question *, struct explanation *);
void	explain_text(struct buf *, const struct explanation *);
void	explain_json(struct buf *, const struct explanation *);
/* A whole HTML document that needs nothing else, with the remedies' text. */
void	explain_html(struct buf *, const struct explanation *,
	    struct view remedies);

/* What to do for that reason: one sentence. */
const char	*explain_advice(enum reason);
/* The provider's number by its name in our table; PROVIDER_OTHER if none. */
enum provider_id explain_provider(struct view name);

#endif
