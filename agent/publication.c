#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "publication.h"

static struct publication	*reference(struct publication *);
static void	poke(int fd);

const char *
page_type(enum page_kind kind)
{
	static const char *const type[] = {
#define X(id, type) type,
		PAGE_KINDS(X)
#undef X
	};

	return type[kind];
}

struct publication *
publication_new(void)
{
	struct publication	*p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	for (int i = 0; i < PAGE_KIND_COUNT; i++)
		buf_init(&p->body[i], PAGE_BYTES_MAX);
	atomic_init(&p->references, 1);
	return p;
}

void
publication_release(struct publication *p)
{
	if (p == NULL || atomic_fetch_sub(&p->references, 1) > 1)
		return;
	for (int i = 0; i < PAGE_KIND_COUNT; i++) {
		buf_fini(&p->body[i]);
		pack_free(&p->pack[i]);
	}
	free(p);
}

bool
publication_has(const struct publication *p, enum page_kind kind)
{
	return p->body[kind].len > 0 && !p->body[kind].failed;
}

int
publication_slot_init(struct publication_slot *s)
{
	*s = (struct publication_slot){ .asked_fd = -1, .published_fd = -1 };
	pthread_mutex_init(&s->lock, NULL);
	for (int i = 0; i < PAGE_KIND_COUNT; i++)
		s->asked_ms[i] = INT64_MIN;
	s->asked_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->published_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->asked_fd != -1 && s->published_fd != -1)
		return 0;
	publication_slot_fini(s);
	return -1;
}

void
publication_slot_fini(struct publication_slot *s)
{
	publication_release(s->current);
	s->current = NULL;
	if (s->asked_fd != -1)
		close(s->asked_fd);
	if (s->published_fd != -1)
		close(s->published_fd);
	pthread_mutex_destroy(&s->lock);
}

bool
publication_wanted(struct publication_slot *s, enum page_kind kind,
    int64_t now_ms)
{
	int64_t	asked_ms;

	pthread_mutex_lock(&s->lock);
	asked_ms = s->asked_ms[kind];
	pthread_mutex_unlock(&s->lock);
	return asked_ms >= now_ms - PAGE_WARM_MS;
}

void
publication_swap(struct publication_slot *s, struct publication *p)
{
	struct publication	*old;
	bool			 waiting;

	pthread_mutex_lock(&s->lock);
	old = s->current;
	s->current = p;
	waiting = s->waiting;
	s->waiting = false;
	pthread_mutex_unlock(&s->lock);
	publication_release(old);
	if (waiting)
		poke(s->published_fd);
}

bool
publication_awake(struct publication_slot *s)
{
	struct pollfd	pfd = { .fd = s->published_fd, .events = POLLIN };

	if (poll(&pfd, 1, 0) != 0)
		return false;
	poke(s->published_fd);
	return true;
}

struct publication *
publication_acquire(struct publication_slot *s)
{
	struct publication	*p;

	pthread_mutex_lock(&s->lock);
	p = reference(s->current);
	pthread_mutex_unlock(&s->lock);
	return p;
}

struct publication *
publication_ask(struct publication_slot *s, enum page_kind kind,
    int64_t now_ms)
{
	struct publication	*p = NULL;

	pthread_mutex_lock(&s->lock);
	s->asked_ms[kind] = now_ms;
	if (s->current != NULL && publication_has(s->current, kind))
		p = reference(s->current);
	else
		s->waiting = true;
	pthread_mutex_unlock(&s->lock);
	if (p == NULL)
		poke(s->asked_fd);
	return p;
}

static struct publication *
reference(struct publication *p)
{
	if (p != NULL)
		atomic_fetch_add(&p->references, 1);
	return p;
}

/* A full counter means that the other side has been told already. */
static void
poke(int fd)
{
	uint64_t	one = 1;
	ssize_t		n = write(fd, &one, sizeof(one));

	(void)n;
}
