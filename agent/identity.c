#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "identity.h"

static void	take_handle(struct identity *, int fd);

int
identity_of(struct identity *id, int fd)
{
	struct statx	sx;

	memset(id, 0, sizeof(*id));
	if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &sx) == -1)
		return -1;
	id->dev = makedev(sx.stx_dev_major, sx.stx_dev_minor);
	id->ino = sx.stx_ino;
	if ((sx.stx_mask & STATX_BTIME) != 0)
		id->btime_ns = (int64_t)sx.stx_btime.tv_sec * 1000000000 +
		    sx.stx_btime.tv_nsec;
	take_handle(id, fd);
	return 0;
}

enum identity_match
identity_compare(const struct identity *then, const struct identity *now)
{
	if (then->ino != now->ino)
		return IDENTITY_OTHER;
	if (then->handle_len > 0 && now->handle_len > 0 &&
	    (then->handle_len != now->handle_len ||
	    memcmp(then->handle, now->handle, now->handle_len) != 0))
		return IDENTITY_REUSED;
	if (then->btime_ns != 0 && now->btime_ns != 0 &&
	    then->btime_ns != now->btime_ns)
		return IDENTITY_REUSED;
	return IDENTITY_SAME;
}

/* A file system without handles (overlayfs, some network ones) leaves none. */
static void
take_handle(struct identity *id, int fd)
{
	union {
		struct file_handle	head;
		unsigned char		room[sizeof(struct file_handle) +
					    IDENTITY_HANDLE];
	} h;
	int	mount;

	memset(&h, 0, sizeof(h));
	h.head.handle_bytes = IDENTITY_HANDLE;
	if (name_to_handle_at(fd, "", &h.head, &mount, AT_EMPTY_PATH) == -1)
		return;
	id->handle_len = (uint8_t)h.head.handle_bytes;
	memcpy(id->handle, h.room + sizeof(struct file_handle),
	    h.head.handle_bytes);
}
