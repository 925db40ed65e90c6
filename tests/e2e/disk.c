/*
 * Preloaded: a disk that hangs, fails or is full while a file says so. Its
 * first letter: h hangs, e fails when it syncs, f is full. DISK_MOOD names it;
 * while it hangs there is DISK_HANGS, too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int	fdatasync(int);
ssize_t	pwrite64(int, const void *, size_t, off64_t);

/* By way of the kernel, not to come here again. */
static char
mood(void)
{
	const char	*path = getenv("DISK_MOOD");
	char		 c = 0;
	long		 fd;

	fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd == -1)
		return 0;
	if (syscall(SYS_read, fd, &c, 1) != 1)
		c = 0;
	syscall(SYS_close, fd);
	return c;
}

int
fdatasync(int fd)
{
	const char	*hangs = getenv("DISK_HANGS");

	while (mood() == 'h') {
		syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, hangs,
		    O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		usleep(20000);
	}
	if (mood() == 'e') {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	if (mood() == 'f') {
		errno = ENOSPC;
		return -1;
	}
	return syscall(SYS_pwrite64, fd, p, n, at);
}
