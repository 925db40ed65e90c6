#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

enum { OWN_NAMES = 3, NAME_BYTES = 256, PORT_DIGITS = 5 };

static int	add(struct hosts *, struct view);
static struct view authority_of(const char *url);
static bool	cut_port(struct view *host);
static bool	is_number(struct view);

int
hosts_init(struct hosts *h, const struct config *c)
{
	char	own[NAME_BYTES] = "";

	h->count = 0;
	h->name = calloc(OWN_NAMES + c->web_names.count, sizeof(*h->name));
	if (h->name == NULL || add(h, VIEW("localhost")) == -1)
		return -1;
	if (gethostname(own, sizeof(own) - 1) == 0 &&
	    add(h, view_of(own)) == -1)
		return -1;
	if (c->web_external_url != NULL &&
	    add(h, authority_of(c->web_external_url)) == -1)
		return -1;
	for (size_t i = 0; i < c->web_names.count; i++)
		if (add(h, view_of(c->web_names.item[i])) == -1)
			return -1;
	return 0;
}

void
hosts_fini(struct hosts *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->name[i]);
	free(h->name);
	h->name = NULL;
	h->count = 0;
}

bool
hosts_has(const struct hosts *h, struct view host)
{
	if (!cut_port(&host))
		return false;
	if (is_number(host))
		return true;
	/* a name may be written with the root's dot */
	if (host.n > 1 && host.p[host.n - 1] == '.')
		host.n--;
	for (size_t i = 0; i < h->count; i++)
		if (view_eq_nocase(host, view_of(h->name[i])))
			return true;
	return false;
}

static int
add(struct hosts *h, struct view name)
{
	if (name.n == 0)
		return 0;
	h->name[h->count] = strndup(name.p, name.n);
	if (h->name[h->count] == NULL)
		return -1;
	h->count++;
	return 0;
}

/* "https://user@mx.example:8443/x" is about mx.example. */
static struct view
authority_of(const char *url)
{
	const char	*p = strstr(url, "://");
	struct view	 v;
	size_t		 at;

	v = view_of(p != NULL ? p + 3 : url);
	v.n = strcspn(v.p, "/?#");
	at = view_find_last(v, '@');
	if (at < v.n)
		view_advance(&v, at + 1);
	return cut_port(&v) ? v : VIEW_NONE;
}

/* False when what is behind the name is no port. */
static bool
cut_port(struct view *host)
{
	size_t		end = host->n > 0 && host->p[0] == '[' ?
			    view_find(*host, ']', 0) + 1 :
			    view_find(*host, ':', 0);
	struct view	port;

	if (end > host->n)
		return false;
	port = view_sub(*host, end, host->n - end);
	host->n = end;
	if (port.n > 0 && !view_skip_byte(&port, ':'))
		return false;
	for (size_t i = 0; i < port.n; i++)
		if (port.p[i] < '0' || port.p[i] > '9')
			return false;
	return port.n <= PORT_DIGITS;
}

static bool
is_number(struct view host)
{
	char		text[INET6_ADDRSTRLEN + 2];
	unsigned char	address[sizeof(struct in6_addr)];

	if (host.n >= sizeof(text) || memchr(host.p, '\0', host.n) != NULL)
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	if (text[0] != '[')
		return inet_pton(AF_INET, text, address) == 1;
	text[host.n - 1] = '\0';
	return inet_pton(AF_INET6, text + 1, address) == 1;
}
