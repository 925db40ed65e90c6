#include <string.h>

#include "alert.h"

uint32_t
alert_place(const struct alerts *a, const struct incident *i)
{
	return (uint32_t)(i - a->incidents.table->incident);
}

const char *
alert_provider(const struct alerts *a, uint16_t provider)
{
	return a->ties.names.provider(a->ties.names.arg, provider);
}

bool
alert_concerns(const struct alerts *a, const struct incident *i,
    uint16_t provider)
{
	const char	*name = alert_provider(a, provider);
	uint32_t	 n;

	for (n = 0; n < i->member_count; n++)
		if (strcmp(i->member[n], name) == 0)
			return true;
	return strcmp(i->provider, name) == 0;
}

void
alert_tell(struct alerts *a, const struct incident *i)
{
	uint16_t	at = (uint16_t)alert_place(a, i);
	size_t		n;

	for (n = 0; n < a->news_count; n++)
		if (a->news[n] == at)
			return;
	if (a->news_count < ALERT_NEWS_MAX)
		a->news[a->news_count++] = at;
}
