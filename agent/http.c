#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "answer.h"
#include "clock.h"
#include "http.h"
#include "log.h"
#include "percent.h"
#include "supervisor.h"

enum {
	MEMORY_BYTES = 16 * 1024,	/* of each connection */
	DRAIN_MS = 2000,		/* for answers under way at the end */
	COMPLAIN_MS = 10000		/* libmicrohttpd's own words */
};

struct listener {
	struct MHD_Daemon	*daemon;
	struct address		 address;
	int			 epoll_fd;	/* the daemon's */
};

struct http {
	struct answer_context	 context;
	struct peers		 peers;
	struct peer		*admitted;	/* until its connection starts */
	struct listener		 listener[HTTP_LISTEN_MAX];
	size_t			 listener_count;
	int64_t			 now_ms;	/* monotonic, of this turn */
	int64_t			 complain_ms;	/* not before then */
	pthread_t		 thread;
	int			 stop_fd;	/* eventfd: end the thread */
};

static int	listen_at(struct http *, const char *, char *error);
static int	listen_inherited(struct http *, const struct config *,
		    size_t n, char *error);
static int	serve_at(struct http *, struct listener *, int fd, char *error);
static struct MHD_Daemon *start_daemon(struct http *, int fd);
static int	start_thread(struct http *);
static void	destroy(struct http *);
static void	*serve(void *);
static bool	turn(struct http *, int64_t until_ms);
static int	patience(struct http *, int64_t until_ms);
static void	drain(struct http *);
static void	wake_waiting(struct http *);
static void	reap(struct http *);
static void	hang_up(struct http *, struct peer *);
static enum MHD_Result	admit(void *, const struct sockaddr *, socklen_t);
static void	connected(void *, struct MHD_Connection *, void **,
		    enum MHD_ConnectionNotificationCode);
static void	*begun(void *, const char *, struct MHD_Connection *);
static enum MHD_Result	requested(void *, struct MHD_Connection *,
		    const char *, const char *, const char *, const char *,
		    size_t *, void **);
static enum MHD_Result	reply(struct http *, struct peer *,
		    struct MHD_Response *, enum http_status);
static void	completed(void *, struct MHD_Connection *, void **,
		    enum MHD_RequestTerminationCode);
static void	complain(void *, const char *, va_list)
		    __attribute__((format(printf, 2, 0)));

int
http_start(struct http **out, const struct http_setup *setup,
    char error[HTTP_ERROR_BYTES])
{
	const struct config_list	*listen = &setup->config->listen;
	struct http			*h = calloc(1, sizeof(*h));

	if (h == NULL) {
		snprintf(error, HTTP_ERROR_BYTES, "http: out of memory");
		return -1;
	}
	h->context.slot = setup->slot;
	h->context.peers = &h->peers;
	process_init(&h->context.process);
	peers_init(&h->peers, setup->limits != NULL ? setup->limits :
	    &peers_default_limits);
	h->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (tls_load(&h->context.tls, setup->config, error) == -1 ||
	    auth_init(&h->context.auth, setup->config, error) == -1)
		goto fail;
	if (hosts_init(&h->context.hosts, setup->config) == -1) {
		snprintf(error, HTTP_ERROR_BYTES, "web.names: out of memory");
		goto fail;
	}
	for (size_t i = 0; i < setup->inherited; i++)
		if (listen_inherited(h, setup->config, i, error) == -1)
			goto fail;
	for (size_t i = 0; i < listen->count && setup->inherited == 0; i++)
		if (listen_at(h, listen->item[i], error) == -1)
			goto fail;
	errno = start_thread(h);
	if (errno != 0) {
		snprintf(error, HTTP_ERROR_BYTES, "http: cannot start a "
		    "thread: %s", strerror(errno));
		goto fail;
	}
	*out = h;
	return 0;
fail:
	destroy(h);
	return -1;
}

void
http_stop(struct http *h)
{
	uint64_t	one = 1;

	if (write(h->stop_fd, &one, sizeof(one)) == sizeof(one))
		pthread_join(h->thread, NULL);
	destroy(h);
}

uint16_t
http_port(const struct http *h, size_t n)
{
	return ntohs(h->listener[n].address.any.sa_family == AF_INET6 ?
	    h->listener[n].address.v6.sin6_port :
	    h->listener[n].address.v4.sin_port);
}

static int
listen_at(struct http *h, const char *text, char *error)
{
	struct listener	*l = &h->listener[h->listener_count];
	int		 fd;

	if (h->listener_count == HTTP_LISTEN_MAX) {
		snprintf(error, HTTP_ERROR_BYTES,
		    "listen: at most %d addresses", HTTP_LISTEN_MAX);
		return -1;
	}
	if (!address_parse(&l->address, text)) {
		snprintf(error, HTTP_ERROR_BYTES, "listen: \"%s\" is no "
		    "address; like \"127.0.0.1:10421\" or \"[::1]:10421\"",
		    text);
		return -1;
	}
	fd = address_listen(&l->address);
	if (fd == -1) {
		snprintf(error, HTTP_ERROR_BYTES, "cannot listen on %s: %s",
		    text, strerror(errno));
		return -1;
	}
	return serve_at(h, l, fd, error);
}

/* Whoever made it chose the address, but not who may read what we serve. */
static int
listen_inherited(struct http *h, const struct config *config, size_t n,
    char *error)
{
	struct listener	*l = &h->listener[h->listener_count];
	int		 fd = SUPERVISOR_FIRST_FD + (int)n;
	bool		 guarded = tls_is_on(&h->context.tls) &&
			    (h->context.auth != NULL ||
			    h->context.tls.client_ca.data != NULL);

	if (h->listener_count == HTTP_LISTEN_MAX ||
	    address_of(&l->address, fd) == -1) {
		snprintf(error, HTTP_ERROR_BYTES, "inherited socket %d is no "
		    "TCP socket, or one too many", fd);
		return -1;
	}
	if (!address_is_loopback(&l->address) && !guarded &&
	    !config->web_insecure) {
		snprintf(error, HTTP_ERROR_BYTES, "inherited socket %d is not "
		    "loopback and needs a section web with cert, key and "
		    "users, token_file or client_ca", fd);
		return -1;
	}
	return serve_at(h, l, fd, error);
}

static int
serve_at(struct http *h, struct listener *l, int fd, char *error)
{
	char	name[ADDRESS_TEXT_BYTES];

	address_print(&l->address, name);
	l->daemon = start_daemon(h, fd);
	if (l->daemon == NULL) {
		snprintf(error, HTTP_ERROR_BYTES, "cannot serve on %s", name);
		close(fd);
		return -1;
	}
	l->epoll_fd = MHD_get_daemon_info(l->daemon,
	    MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	h->listener_count++;
	log_info("listening on %s://%s/",
	    tls_is_on(&h->context.tls) ? "https" : "http", name);
	return 0;
}

static struct MHD_Daemon *
start_daemon(struct http *h, int fd)
{
	const struct tls	*tls = &h->context.tls;
	unsigned		 flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG |
				    MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem	 secure[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, tls->cert.data },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key.data },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(uintptr_t)tls_priorities },
		{ MHD_OPTION_HTTPS_MEM_TRUST, 0, tls->client_ca.data },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (tls_is_on(tls))
		flags |= MHD_USE_TLS;
	else
		secure[0].option = MHD_OPTION_END;
	if (tls->client_ca.data == NULL)
		secure[3].option = MHD_OPTION_END;
	return MHD_start_daemon(flags, 0, admit, h, requested, h,
	    MHD_OPTION_EXTERNAL_LOGGER, complain, h,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)PEERS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_NOTIFY_CONNECTION, connected, h,
	    MHD_OPTION_URI_LOG_CALLBACK, begun, h,
	    MHD_OPTION_NOTIFY_COMPLETED, completed, h,
	    MHD_OPTION_UNESCAPE_CALLBACK, percent_decode, h,
	    MHD_OPTION_ARRAY, secure,
	    MHD_OPTION_END);
}

/* Signals are the log thread's business. */
static int
start_thread(struct http *h)
{
	sigset_t	all, before;
	int		error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&h->thread, NULL, serve, h);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

static void
destroy(struct http *h)
{
	for (size_t i = 0; i < h->listener_count; i++)
		MHD_stop_daemon(h->listener[i].daemon);
	process_fini(&h->context.process);
	auth_free(h->context.auth);
	tls_free(&h->context.tls);
	hosts_fini(&h->context.hosts);
	if (h->stop_fd != -1)
		close(h->stop_fd);
	free(h);
}

static void *
serve(void *cls)
{
	struct http	*h = cls;

	pthread_setname_np(pthread_self(), "http");
	while (turn(h, INT64_MAX))
		continue;
	drain(h);
	return NULL;
}

/* Wait and work once; false when the end was asked for. */
static bool
turn(struct http *h, int64_t until_ms)
{
	struct pollfd	fds[HTTP_LISTEN_MAX + 2];
	uint64_t	count;
	nfds_t		n = 0;

	fds[n++] = (struct pollfd){ .fd = h->stop_fd, .events = POLLIN };
	fds[n++] = (struct pollfd){ .fd = h->context.slot->published_fd,
		.events = POLLIN };
	for (size_t i = 0; i < h->listener_count; i++)
		fds[n++] = (struct pollfd){ .fd = h->listener[i].epoll_fd,
			.events = POLLIN };
	h->now_ms = clock_read().mono_ms;
	poll(fds, n, patience(h, until_ms));
	h->now_ms = clock_read().mono_ms;
	if (read(h->context.slot->published_fd, &count, sizeof(count)) > 0)
		wake_waiting(h);
	reap(h);
	for (size_t i = 0; i < h->listener_count; i++)
		MHD_run(h->listener[i].daemon);
	return fds[0].revents == 0;
}

static int
patience(struct http *h, int64_t until_ms)
{
	int		wait = peers_wait(&h->peers, h->now_ms);
	MHD_UNSIGNED_LONG_LONG	ms;

	for (size_t i = 0; i < h->listener_count; i++)
		if (MHD_get_timeout(h->listener[i].daemon, &ms) == MHD_YES &&
		    (wait == -1 || ms < (unsigned)wait))
			wait = (int)ms;
	if (until_ms != INT64_MAX &&
	    (wait == -1 || wait > until_ms - h->now_ms))
		wait = until_ms > h->now_ms ? (int)(until_ms - h->now_ms) : 0;
	return wait;
}

static void
drain(struct http *h)
{
	int64_t	until_ms = h->now_ms + DRAIN_MS;

	for (size_t i = 0; i < h->listener_count; i++) {
		int	fd = MHD_quiesce_daemon(h->listener[i].daemon);

		if (fd != -1)
			close(fd);
	}
	while (h->now_ms < until_ms &&
	    peers_count(&h->peers, PEER_WAITING) +
	    peers_count(&h->peers, PEER_SENDING) > 0)
		turn(h, until_ms);
	wake_waiting(h);
}

static void
wake_waiting(struct http *h)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (h->peers.peer[i].phase == PEER_WAITING)
			MHD_resume_connection(h->peers.peer[i].connection);
}

static void
reap(struct http *h)
{
	struct peer	*p;

	while ((p = peers_overdue(&h->peers, h->now_ms)) != NULL) {
		h->peers.expired++;
		if (p->phase == PEER_WAITING) {
			/* asks once more, and is told that there is nothing */
			MHD_resume_connection(p->connection);
			peers_enter(&h->peers, p, PEER_SENDING, h->now_ms);
			continue;
		}
		hang_up(h, p);
	}
}

/* libmicrohttpd sees the end of the connection and cleans up. */
static void
hang_up(struct http *h, struct peer *p)
{
	peers_enter(&h->peers, p,
	    p->connection != NULL ? PEER_DYING : PEER_FREE, h->now_ms);
	if (p->fd != -1)
		shutdown(p->fd, SHUT_RDWR);
}

static enum MHD_Result
admit(void *cls, const struct sockaddr *from, socklen_t len)
{
	struct http	*h = cls;
	struct peer	*victim;

	(void)len;
	h->admitted = peers_admit(&h->peers, from, h->now_ms, &victim);
	if (victim != NULL)
		hang_up(h, victim);
	return h->admitted != NULL ? MHD_YES : MHD_NO;
}

static void
connected(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct http	*h = cls;
	struct peer	*p = *context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (p != NULL)
			peers_enter(&h->peers, p, PEER_FREE, h->now_ms);
		return;
	}
	p = h->admitted;
	h->admitted = NULL;
	if (p == NULL)
		return;
	p->connection = connection;
	p->fd = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	*context = p;
}

/* A request line was read. What is returned becomes the request's context. */
static void *
begun(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct http	*h = cls;
	struct peer	*p = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

	if (p == NULL)
		return NULL;
	p->complete = false;
	p->target_len = strlen(uri);
	if (p->phase == PEER_IDLE)
		peers_enter(&h->peers, p, PEER_READING, h->now_ms);
	return p;
}

static enum MHD_Result
requested(void *cls, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **context)
{
	struct http		*h = cls;
	struct peer		*p = *context;
	struct MHD_Response	*response;
	enum http_status	 status;
	struct request		 request = { connection, method, path,
		version, NULL, 0, h->now_ms, true };

	(void)upload;
	(void)upload_len;
	if (p == NULL || p->phase == PEER_DYING)
		return MHD_NO;
	request.network = p->network;
	request.target_len = p->target_len;
	if (!p->complete) {
		/* an answer before the end of the request closes */
		p->complete = true;
		status = answer_check(&request);
		return status == HTTP_200 ? MHD_YES :
		    reply(h, p, answer_refuse(status), status);
	}
	request.patient = p->phase != PEER_SENDING;
	response = answer_request(&h->context, &request, &status);
	if (response != NULL || status != HTTP_200)
		return reply(h, p, response, status);
	if (p->phase != PEER_WAITING)
		peers_enter(&h->peers, p, PEER_WAITING, h->now_ms);
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static enum MHD_Result
reply(struct http *h, struct peer *p, struct MHD_Response *response,
    enum http_status status)
{
	enum MHD_Result	result;

	if (response == NULL)
		return MHD_NO;
	h->context.requests[status]++;
	peers_enter(&h->peers, p, PEER_SENDING, h->now_ms);
	result = MHD_queue_response(p->connection, http_status_code(status),
	    response);
	MHD_destroy_response(response);
	return result;
}

static void
completed(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct http	*h = cls;
	struct peer	*p = *context;

	(void)connection;
	(void)code;
	if (p != NULL && p->phase != PEER_DYING)
		peers_enter(&h->peers, p, PEER_IDLE, h->now_ms);
}

/* Strangers cause these lines, so they are rare. */
static void
complain(void *cls, const char *fmt, va_list ap)
{
	struct http	*h = cls;
	char		 line[HTTP_ERROR_BYTES];

	if (h->now_ms < h->complain_ms)
		return;
	h->complain_ms = h->now_ms + COMPLAIN_MS;
	vsnprintf(line, sizeof(line), fmt, ap);
	line[strcspn(line, "\n")] = '\0';
	log_warnx("http: %s", line);
}
