#include "action_words.h"

static const char *const words[] = {
	[ACTION_NONE] = "nothing",
	[ACTION_RETRY] = "nothing: it is tried again",
	[ACTION_RESEND_LATER] = "send again later",
	[ACTION_SLOW_DOWN] = "send more slowly",
	[ACTION_SUPPRESS] = "stop mailing these addresses",
	[ACTION_FIX_MESSAGE] = "fix the message",
	[ACTION_FIX_AUTH] = "fix SPF, DKIM or DMARC",
	[ACTION_FIX_CONFIG] = "fix our configuration",
	[ACTION_CHECK_BLOCKLIST] = "check the blocklists",
	[ACTION_INVESTIGATE] = "look into it",
};

const char *
action_words(enum action action)
{
	return words[action];
}
