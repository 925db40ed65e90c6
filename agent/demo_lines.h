/*
 * demo_lines - Postfix's words for mail that never was.
 *
 * Messages are pure functions of a seed and a number: who writes to whom
 * through which server, and how the first attempt ends. Demo, benchmark and
 * tests write their logs with these and know the truth.
 */
#ifndef DEMO_LINES_H
#define DEMO_LINES_H

#include <stdio.h>

#include "mail_event.h"

enum { DEMO_FAILURES = 4, DEMO_ADDRESS_BYTES = 80, DEMO_ENHANCED_BYTES = 8 };

struct demo_reply {
	unsigned	 share;		/* of first attempts, in 10,000 */
	enum outcome	 outcome;
	enum stage	 stage;		/* NONE: no connection at all */
	uint16_t	 code;		/* 0: no reply */
	const char	*enhanced;
	const char	*text;		/* {rcpt} is the recipient */
};

struct demo_provider {
	const char	*name;		/* as smtpulse calls it */
	unsigned	 share;		/* of all mail, in 100 */
	const char	*domain[3], *mx[3];
	const char	*accepted;
	struct demo_reply failure[DEMO_FAILURES];
};

struct demo_message {
	uint64_t	 hash;
	unsigned	 provider;	/* index in demo_providers */
	unsigned	 tenant;
	unsigned	 pid;
	const char	*mx;
	char		 mx_ip[16];
	char		 client[64];	/* host[address] */
	char		 queue_id[16];
	char		 sender[DEMO_ADDRESS_BYTES];
	char		 recipient[DEMO_ADDRESS_BYTES];
	unsigned	 bytes;
	unsigned	 delay_ms;	/* to the end of the first attempt */
	const struct demo_reply	*first;
};

/* Where lines go and what time they have. */
struct demo_log {
	FILE		*out;
	bool		 rfc3164;	/* in UTC, as is the other */
	int64_t		 second;
	unsigned	 us;
	uint64_t	 lines;
};

extern const struct demo_provider	demo_providers[];
extern const unsigned			demo_provider_count;
extern const struct demo_reply		demo_sent, demo_throttled;

/* A number that looks random: of the seed and two more. */
uint64_t	demo_hash(uint64_t seed, uint64_t a, uint64_t b);
void		demo_message_make(struct demo_message *, uint64_t seed,
		    uint64_t number);
/* Its delay_ms alone. */
unsigned	demo_delay_ms(uint64_t seed, uint64_t number);
/* The enhanced code that Postfix logs with that reply, maybe in buf. */
const char	*demo_enhanced(const struct demo_message *,
		    const struct demo_reply *,
		    char buf[DEMO_ENHANCED_BYTES]);
void		demo_print_arrival(struct demo_log *,
		    const struct demo_message *);
void		demo_print_active(struct demo_log *,
		    const struct demo_message *);
void		demo_print_attempt(struct demo_log *,
		    const struct demo_message *, const struct demo_reply *,
		    unsigned delay_ms);
void		demo_print_tls(struct demo_log *,
		    const struct demo_message *);
void		demo_print_removed(struct demo_log *,
		    const struct demo_message *);

#endif
