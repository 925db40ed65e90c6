/*
 * gz - the bytes inside a gzip file, in constant memory.
 *
 * Several members read as one text; each member's CRC and length are
 * verified by zlib. Zeros behind the last member are padding. A file that
 * ends too early gives ENODATA (gzip may still be writing it), damage gives
 * EBADMSG; what was read until then was handed out already.
 */
#ifndef GZ_H
#define GZ_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { GZ_MAGIC_BYTES = 2 };

struct gz;

bool	gz_magic(const char *head, size_t);
/*
 * Inflate what fd holds from its beginning on; head is what was taken off a
 * stream already (head_len 0 for a file, which is read with pread).
 */
int	gz_open(struct gz **, int fd, const char *head, size_t head_len);
void	gz_close(struct gz *);	/* not fd */
/* Bytes, 0 at the verified end, -1 with errno. */
ssize_t	gz_read(struct gz *, char *buf, size_t size);

#endif
