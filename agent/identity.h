/*
 * identity - who a file is, whatever its name is now.
 *
 * While we hold it open, device and inode are enough. Across restarts an
 * inode may be used again, so the file handle (inode and generation) and the
 * birth time are kept too, where the file system gives them.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

enum { IDENTITY_HANDLE = 48 };	/* longer handles are not kept */

struct identity {
	uint64_t	dev, ino;
	int64_t		btime_ns;	/* 0: not known */
	uint8_t		handle_len;	/* 0: not known */
	unsigned char	handle[IDENTITY_HANDLE];
};

enum identity_match {
	IDENTITY_OTHER,		/* another inode */
	IDENTITY_REUSED,	/* the inode's number, but another file */
	IDENTITY_SAME
};

int			identity_of(struct identity *, int fd);
/*
 * Is now the file that then was? Devices are not compared: their numbers may
 * change at a boot.
 */
enum identity_match	identity_compare(const struct identity *then,
			    const struct identity *now);

#endif
