#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_check.h"
#include "config_fill.h"
#include "provider_id.h"

enum {
	TITLE_MAX = 63,
	MESSAGE_BYTES = 400,
	/* so that 200 busy domains always have numbers too */
	PROVIDERS_MAX = PROVIDER_MAX - PROVIDER_BUILTIN_COUNT - 200
};

static void	check_titles(const struct config *, struct problems *);
static void	check_sources(struct config *, struct problems *);
static void	check_provider_sections(const struct config *,
		    struct problems *);
static void	check_reasons(const struct config *, struct problems *);
static void	check_egresses(const struct config *, struct problems *);
static void	check_rules(const struct config *, struct problems *);
static void	check_receivers(const struct config *, struct problems *);
static void	check_labels(const struct config *, struct problems *);
static void	check_web(const struct config *, struct problems *);
static void	check_provider(const struct config *, const void *element,
		    const char *section, const char *provider,
		    struct problems *);
static void	check_receiver(const struct config_receiver *,
		    const char *section, struct problems *);
static void	check_file(const struct config *, const char *option,
		    const char *path, struct problems *);
static void	complain(struct problems *, const void *element,
		    const char *section, const char *fmt, ...)
		    __attribute__((format(printf, 4, 5)));
static void	complain_web(struct problems *, const struct config *,
		    enum option_section, const char *option, const char *fmt,
		    ...) __attribute__((format(printf, 5, 6)));
static bool	is_loopback(const char *listen);
static bool	is_title(const char *);

static const char *const	provider_names[] = {
	"other", "local", "internal",
#define X(id, name, title) name,
	PROVIDERS(X)
#undef X
};

enum { NAME_COUNT = sizeof(provider_names) / sizeof(provider_names[0]) };

void
config_check(struct config *c, struct problems *problems)
{
	check_titles(c, problems);
	check_sources(c, problems);
	check_provider_sections(c, problems);
	check_reasons(c, problems);
	check_egresses(c, problems);
	check_rules(c, problems);
	check_receivers(c, problems);
	check_labels(c, problems);
	check_web(c, problems);
}

/* Titles become label values and parts of file and alert names. */
static void
check_titles(const struct config *c, struct problems *problems)
{
	for (int s = 0; s < SECTION_COUNT; s++) {
		enum option_section section = (enum option_section)s;

		if (!sections[s].titled)
			continue;
		for (size_t i = 0; i < config_element_count(c, section); i++) {
			const struct config_element *e =
			    config_element_at(c, section, i);

			if (!is_title(e->name))
				complain(problems, e, sections[s].name,
				    "this title is wrong, allowed: 1 to %d "
				    "letters, digits, '.', '_' and '-'",
				    TITLE_MAX);
		}
	}
}

static void
check_sources(struct config *c, struct problems *problems)
{
	for (size_t i = 0; i < c->source_count; i++) {
		const struct config_source *s = &c->source[i];

		if (s->path == NULL && !s->journal)
			complain(problems, s, "source",
			    "it needs path or journal = true");
		if (s->path != NULL && s->journal)
			complain(problems, s, "source",
			    "path and journal exclude each other");
		if (s->journal_dir != NULL && !s->journal)
			complain(problems, s, "source",
			    "journal_directory needs journal = true");
#ifndef WITH_JOURNAL
		if (s->journal)
			complain(problems, s, "source",
			    "this smtpulse was built without the journal");
#endif
		for (size_t n = 0; n < i && s->path != NULL; n++)
			if (c->source[n].path != NULL &&
			    strcmp(c->source[n].path, s->path) == 0)
				complain(problems, s, "source",
				    "its path is that of source \"%s\": every "
				    "mail would count twice",
				    c->source[n].name);
	}
}

static void
check_provider_sections(const struct config *c, struct problems *problems)
{
	for (size_t i = 0; i < c->provider_count; i++) {
		const struct config_provider *p = &c->provider[i];

		if (p->mx.count == 0 && p->domain.count == 0)
			complain(problems, p, "provider",
			    "it needs mx or domain");
		if (i == PROVIDERS_MAX)
			complain(problems, p, "provider",
			    "there are more than %d sections provider",
			    PROVIDERS_MAX);
	}
}

static void
check_reasons(const struct config *c, struct problems *problems)
{
	for (size_t i = 0; i < c->reason_count; i++) {
		const struct config_reason *r = &c->reason[i];

		if (r->reason == REASON_NONE)
			complain(problems, r, "reason", "it needs reason");
		if (r->provider == NULL && r->code == 0 &&
		    r->enhanced == NULL && r->match == NULL)
			complain(problems, r, "reason", "it needs provider, "
			    "code, enhanced or match");
		check_provider(c, r, "reason", r->provider, problems);
	}
}

static void
check_egresses(const struct config *c, struct problems *problems)
{
	for (size_t i = 0; i < c->egress_count; i++) {
		const struct config_egress *e = &c->egress[i];

		if (e->instance == NULL && e->service == NULL &&
		    e->transport == NULL && e->address == NULL)
			complain(problems, e, "egress", "it needs instance, "
			    "service, transport or address");
	}
}

static void
check_rules(const struct config *c, struct problems *problems)
{
	for (size_t i = 0; i < c->rule_count; i++) {
		const struct config_rule *r = &c->rule[i];
		bool egress = r->egress == NULL ||
		    strcmp(r->egress, "default") == 0;

		if (r->code == 0 && r->class == CLASS_NONE &&
		    r->enhanced == NULL && r->reason == -1 && !r->silence &&
		    r->enabled)
			complain(problems, r, "rule", "it needs a condition: "
			    "code, class, enhanced, reason or silence");
		if (r->reason == REASON_NONE)
			complain(problems, r, "rule",
			    "reason: none is no failure");
		if (r->silence && r->immediate)
			complain(problems, r, "rule",
			    "silence and immediate exclude each other");
		check_provider(c, r, "rule", r->provider, problems);
		for (size_t n = 0; n < c->egress_count && !egress; n++)
			egress = strcmp(c->egress[n].name, r->egress) == 0;
		if (!egress)
			complain(problems, r, "rule", "egress: there is no "
			    "section egress \"%s\"", r->egress);
	}
}

/* Names with a dot may be those of busy domains. */
static void
check_provider(const struct config *c, const void *element,
    const char *section, const char *provider, struct problems *problems)
{
	const char	*near = NULL;

	if (provider == NULL || strchr(provider, '.') != NULL)
		return;
	for (size_t i = 0; i < c->provider_count; i++)
		if (strcmp(c->provider[i].name, provider) == 0)
			return;
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (strcmp(provider_names[i], provider) == 0)
			return;
		if (option_distance(provider_names[i], provider) <= 2)
			near = provider_names[i];
	}
	complain(problems, element, section,
	    "provider: there is no provider '%s'%s%s%s", provider,
	    near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
	    near == NULL ? "" : "'?");
}

static void
check_receivers(const struct config *c, struct problems *problems)
{
	for (size_t i = 0; i < c->alertmanager_count; i++)
		check_receiver(&c->alertmanager[i], "alertmanager", problems);
	for (size_t i = 0; i < c->webhook_count; i++)
		check_receiver(&c->webhook[i], "webhook", problems);
}

static void
check_receiver(const struct config_receiver *r, const char *section,
    struct problems *problems)
{
	const char *const	files[] = { r->token_file, r->password_file };

	if (r->url == NULL)
		complain(problems, r, section, "it needs url");
	if ((r->user == NULL) != (r->password_file == NULL))
		complain(problems, r, section,
		    "user and password_file go together");
	if (r->user != NULL && r->token_file != NULL)
		complain(problems, r, section,
		    "user and token_file exclude each other");
	for (size_t i = 0; i < 2; i++)
		if (files[i] != NULL && access(files[i], R_OK) == -1)
			complain(problems, r, section, "%s: %s: %s",
			    i == 0 ? "token_file" : "password_file", files[i],
			    strerror(errno));
}

/* As Prometheus has them; those we set ourselves cannot be overruled. */
static void
check_labels(const struct config *c, struct problems *problems)
{
	static const char *const	ours[] = {
		"alertname", "provider", "class", "code", "enhanced",
		"reason", "cause", "severity"
	};
	const char	*file = c->file == NULL ? "" : c->file;

	for (size_t i = 0; i < c->label_count; i++) {
		const char	*name = c->label[i].name, *p = name;

		while (*p == '_' || isalpha((unsigned char)*p) ||
		    (p != name && isdigit((unsigned char)*p)))
			p++;
		if (p == name || *p != '\0')
			problems_add(problems, file, 0, "labels: '%s' is "
			    "wrong, allowed: letters, digits and '_'", name);
		for (size_t n = 0; n < sizeof(ours) / sizeof(ours[0]); n++)
			if (strcmp(ours[n], name) == 0)
				problems_add(problems, file, 0, "labels: '%s' "
				    "is set by smtpulse itself", name);
	}
}

static void
check_web(const struct config *c, struct problems *problems)
{
	bool	access_control = c->web_users.count > 0 ||
	    c->web_token_file != NULL || c->web_client_ca != NULL;

	if (c->listen.count == 0)
		complain_web(problems, c, SECTION_ROOT, "listen",
		    "it needs an address");
	if ((c->web_cert == NULL) != (c->web_key == NULL))
		complain_web(problems, c, SECTION_WEB,
		    c->web_cert == NULL ? "key" : "cert",
		    "cert and key go together");
	if (c->web_client_ca != NULL && c->web_cert == NULL)
		complain_web(problems, c, SECTION_WEB, "client_ca",
		    "it needs cert and key");
	for (size_t i = 0; i < c->listen.count; i++)
		if (!is_loopback(c->listen.item[i]) && !c->web_insecure &&
		    (c->web_cert == NULL || !access_control))
			complain_web(problems, c, SECTION_ROOT, "listen",
			    "'%s' is not loopback and needs a section web "
			    "with cert, key and users, token_file or "
			    "client_ca, or with insecure = true",
			    c->listen.item[i]);
	check_file(c, "cert", c->web_cert, problems);
	check_file(c, "key", c->web_key, problems);
	check_file(c, "client_ca", c->web_client_ca, problems);
	check_file(c, "token_file", c->web_token_file, problems);
}

static void
check_file(const struct config *c, const char *option, const char *path,
    struct problems *problems)
{
	if (path != NULL && access(path, R_OK) == -1)
		complain_web(problems, c, SECTION_WEB, option, "%s: %s", path,
		    strerror(errno));
}

static bool
is_loopback(const char *listen)
{
	return strncmp(listen, "127.", 4) == 0 ||
	    strncmp(listen, "[::1]:", 6) == 0;
}

static bool
is_title(const char *s)
{
	size_t	n = 0;

	for (; s[n] != '\0'; n++)
		if (!isalnum((unsigned char)s[n]) &&
		    strchr("._-", s[n]) == NULL)
			return false;
	return n > 0 && n <= TITLE_MAX;
}

static void
complain(struct problems *problems, const void *element, const char *section,
    const char *fmt, ...)
{
	const struct config_element	*e = element;
	char				 message[MESSAGE_BYTES];
	va_list				 ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	problems_add(problems, e->file == NULL ? "built in" : e->file,
	    e->line, "%s \"%s\": %s", section, e->name, message);
}

static void
complain_web(struct problems *problems, const struct config *c,
    enum option_section section, const char *option, const char *fmt, ...)
{
	struct config_element	where = { NULL, NULL, 0 };
	char			message[MESSAGE_BYTES];
	const struct option	*o;
	va_list			ap;

	for (size_t i = 0; (o = option_row(i)) != NULL; i++)
		if (o == option_find(section, option))
			where = c->where[i];
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	problems_add(problems, where.file != NULL ? where.file :
	    c->file != NULL ? c->file : "built in", where.line, "%s%s: %s",
	    section == SECTION_WEB ? "web." : "", option, message);
}
