#include "postfix.h"

/*	daemon or command, what it does with mail			*/
#define SERVICES(X)							\
	X("smtp", REMOTE)						\
	X("lmtp", REMOTE)						\
	X("local", LOCAL)						\
	X("virtual", LOCAL)						\
	X("pipe", LOCAL)						\
	X("discard", LOCAL)						\
	X("error", MAIL)						\
	X("retry", MAIL)						\
	X("qmgr", MAIL)							\
	X("nqmgr", MAIL)						\
	X("oqmgr", MAIL)						\
	X("smtpd", MAIL)						\
	X("qmqpd", MAIL)						\
	X("pickup", MAIL)						\
	X("cleanup", MAIL)						\
	X("bounce", MAIL)						\
	X("defer", MAIL)						\
	X("trace", MAIL)						\
	X("postscreen", MAIL)						\
	X("postsuper", MAIL)						\
	X("sendmail", MAIL)						\
	X("postdrop", MAIL)						\
	X("verify", MAIL)						\
	X("tlsproxy", MAIL)						\
	X("master", QUIET)						\
	X("postfix-script", QUIET)					\
	X("postfix-tls-script", QUIET)					\
	X("postfix", QUIET)						\
	X("post-install", QUIET)					\
	X("anvil", QUIET)						\
	X("scache", QUIET)						\
	X("tlsmgr", QUIET)						\
	X("postlogd", QUIET)						\
	X("postlog", QUIET)						\
	X("dnsblog", QUIET)						\
	X("proxymap", QUIET)						\
	X("proxywrite", QUIET)						\
	X("trivial-rewrite", QUIET)					\
	X("flush", QUIET)						\
	X("showq", QUIET)						\
	X("spawn", QUIET)						\
	X("nbdb_reindexd", QUIET)					\
	X("postconf", QUIET)						\
	X("postmap", QUIET)						\
	X("postalias", QUIET)						\
	X("postcat", QUIET)						\
	X("postkick", QUIET)						\
	X("postlock", QUIET)						\
	X("postmulti", QUIET)						\
	X("postqueue", QUIET)						\
	X("newaliases", QUIET)						\
	X("mailq", QUIET)						\
	X("policyd-spf", FOREIGN)					\
	X("policy-spf", FOREIGN)					\
	X("policyd-weight", FOREIGN)					\
	X("postgrey", FOREIGN)						\
	X("postfwd", FOREIGN)						\
	X("postfwd2", FOREIGN)						\
	X("postfwd3", FOREIGN)						\
	X("sqlgrey", FOREIGN)						\
	X("postsrsd", FOREIGN)

static const struct service {
	struct view		name;
	enum postfix_role	role;
} services[] = {
#define X(name, role) { { name, sizeof(name) - 1 }, ROLE_##role },
	SERVICES(X)
#undef X
};

enum postfix_role
postfix_role(struct view service)
{
	size_t	i, at = service.n;

	if (at == 0)
		return ROLE_UNSAID;
	while (at > 0 && service.p[at - 1] != '/')
		at--;
	service = view_sub(service, at, service.n - at);
	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (view_eq(service, services[i].name))
			return services[i].role;
	return ROLE_UNSAID;
}
