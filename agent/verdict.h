/*
 * verdict - all that is known about a delivery, hop or reject when it leaves
 * the meaning rooms: the line, what was joined to it, who it was, and why.
 *
 * One verdict stands for the recipients of a line that share provider and
 * history; a line for three recipients at two providers gives two or three.
 * Small integers only, but for the event behind it; lives as long as the
 * event.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "mail_event.h"
#include "reason.h"

struct verdict {
	const struct mail_event	*event;
	uint16_t		 source;	/* index of the source */
	uint16_t		 provider;	/* enum provider_id and above */
	uint16_t		 tenant;	/* tenant table; 0: other */
	uint16_t		 egress;	/* egress table; 0: default */
	struct view		 tenant_name;	/* full name, for evidence and
						   replay; may be empty */
	struct view		 recipient;	/* when it stands for one */
	struct reply		 reply;		/* code as counted */
	enum reply_class	 class;
	struct diagnosis	 diagnosis;	/* REASON_NONE if delivered */
	uint64_t		 message;	/* keyed hash of source, host,
						   instance and queue id; 0 if
						   the line has no queue id */
	uint32_t		 recipients;	/* how many, repeats included */
	bool			 counts;	/* a real attempt at somebody */
	bool			 first;		/* their first attempt */
	bool			 final;		/* they will not be tried again */
	uint32_t		 login;		/* mask_hash() of it; 0: none */
	enum reason		 first_reason;	/* of the first deferral */
	int64_t			 arrival;	/* epoch s; 0 unknown */
	int64_t			 first_deferred;/* epoch s; 0 never */
};

#endif
