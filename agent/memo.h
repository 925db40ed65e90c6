/*
 * memo - diagnoses of lately, by the whole reply.
 *
 * Who refuses mail says the same to thousands of messages: what is in the
 * memo need not be judged again. Exact, since reply, provider and every byte
 * of the text are compared. One place for each hash, where the newest stays;
 * long texts have none. Fixed memory.
 */
#ifndef MEMO_H
#define MEMO_H

#include "provider_id.h"
#include "reason.h"
#include "reply.h"

enum {
	MEMO_ENTRIES = 512,	/* power of two */
	MEMO_TEXT_BYTES = 480
};

struct memo_entry {
	struct reply		 reply;
	enum provider_id	 provider;
	struct diagnosis	 diagnosis;	/* detail: not valid */
	uint16_t		 len;		/* of text; 0: free */
	uint16_t		 detail_at, detail_len;
	char			 text[MEMO_TEXT_BYTES];
};

struct memo {
	struct memo_entry	*entry;		/* MEMO_ENTRIES of them */
};

/* 0, or -1 with errno. */
int	memo_init(struct memo *);
void	memo_fini(struct memo *);
/* As reason_diagnose(). */
void	memo_diagnose(struct memo *, const struct reply *, enum provider_id,
	    struct view text, struct diagnosis *out);

#endif
