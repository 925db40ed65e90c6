/*
 * source_file - one open input file: who it is and how far it was read.
 *
 * Its place is always just behind an LF, or inside the rest of an oversize
 * line that is being skipped. Buffers are lent from a small pool, so that
 * thousands of files need eight; a file that lost its buffer reads again from
 * its place. A file that may still grow keeps its half line; one that is
 * final gives it as its last line.
 */
#ifndef SOURCE_FILE_H
#define SOURCE_FILE_H

#include "gap.h"
#include "gz.h"
#include "identity.h"
#include "journal.h"
#include "lines.h"
#include "logtime.h"
#include "mail_event.h"
#include "marker.h"

enum { POOL_BUFFERS = 8 };

/* One configured input. Counters only grow; gauges are set by a sweep. */
struct source {
	uint16_t	 id;		/* its place in sources */
	const char	*name;
	enum mta	 mta;
	const struct zone *zone;	/* of stamps without one */
	bool		 owns_zone;	/* else a source before it does */
	int		 year;		/* of the first stamp; 0: infer */
	uint64_t	 rotations;
	uint64_t	 gap[GAP_COUNT];
	uint64_t	 bytes;		/* consumed by lines, uncompressed */
	int64_t		 lag_bytes;	/* on disk, not yet consumed */
	uint32_t	 files;		/* not yet read for good */
	bool		 up;		/* its current file can be read */
	int64_t		 last_line;	/* its log time, set by intake; 0 */
};

enum source_file_kind {
	FILE_PLAIN,
	FILE_GZ,
	FILE_JOURNAL,	/* has no descriptor of ours */
	FILE_STREAM	/* cannot seek: standard input, a pipe */
};

struct source_file {
	struct source		*source;
	char			*path;		/* as first seen */
	int64_t			 time;		/* log time of its last line,
						   set by intake */
	struct logtime		 logtime;
	struct lines		 lines;
	int64_t			 read_at;	/* uncompressed offset behind
						   lines.end */
	int64_t			 counted_at;	/* up to here in source.bytes */
	int64_t			 size;		/* on disk, at the last look */
	int64_t			 mtime_ns;	/* likewise */
	int64_t			 grown_ms;	/* when it last grew or was
						   taken in; 0: just now */
	struct marker		 marker;	/* of its place, or an earlier */
	int64_t			 saved_at;	/* offset in the state; -1: none */
	uint16_t		 saved_head;	/* likewise, its length */
	bool			 saved_named, saved_done;
	bool			 dirty;		/* to be saved in any case */
	struct identity		 identity;
	enum source_file_kind	 kind;
	int			 fd;		/* -1: suspended */
	struct gz		*gz;		/* FILE_GZ and compressed stdin */
	struct journal		*journal;	/* FILE_JOURNAL; NULL: it cannot
						   be opened now */
	char			*cursor;	/* where to open it; or NULL */
	struct pool		*pool;
	struct source_file	*older;		/* read before this one */
	struct source_file	*newer;
	uint64_t		 serial;	/* order of opening */
	uint32_t		 seen;		/* sweep that found its name */
	bool			 final;		/* it will not grow */
	bool			 drained;	/* nothing more at the last try */
	bool			 done;		/* final, and read to its end */
	int			 error;		/* errno of the last try, or 0 */
	bool			 unlinked;
	bool			 parked;	/* a copy of a file we read */
	bool			 queued;	/* in the merge */
	bool			 waiting;	/* for an older one in there */
	char			 peek[GZ_MAGIC_BYTES];
	size_t			 peeked;	/* bytes taken off a stream */
};

struct pool {
	char			*block;
	struct source_file	*owner[POOL_BUFFERS];
	uint64_t		 used[POOL_BUFFERS];
	uint64_t		 turn;
};

int	pool_init(struct pool *);
void	pool_fini(struct pool *);

/*
 * Take over fd (closed by source_file_close() also after an error here).
 * What it is, plain, gz or stream, is found by its first bytes.
 */
int	source_file_open(struct source_file *, int fd, struct pool *);
void	source_file_close(struct source_file *);
/* Give its descriptor back; its place stays. */
void	source_file_suspend(struct source_file *);
/* Take over fd if it is the same file, and go on; else -1, and fd is closed. */
int	source_file_reopen(struct source_file *, int fd);
/* Go to an uncompressed offset, skip: inside an oversize line. */
void	source_file_seek(struct source_file *, int64_t offset, bool skip);
/* Go to the end; a line that is half there is none of ours. */
void	source_file_seek_end(struct source_file *);

/* Bring its marker up to its place. -1: it cannot be read there any more. */
int	source_file_mark(struct source_file *, const uint8_t key[16]);

enum lines_result	source_file_fill(struct source_file *,
			    struct view *line);

/* The place behind the line given last. */
static inline int64_t
source_file_offset(const struct source_file *f)
{
	return f->read_at - (int64_t)(f->lines.end - f->lines.at);
}

/*
 * The next line. LINES_END: nothing more now (or a long skip wants a pause:
 * sources_next() knows). LINES_FAILED: reading failed, errno says why.
 */
static inline enum lines_result
source_file_line(struct source_file *f, struct view *line)
{
	enum lines_result	r = lines_next(&f->lines, line);

	return r != LINES_END ? r : source_file_fill(f, line);
}

/* Not yet: give the line that was given last once more. */
static inline void
source_file_unread(struct source_file *f, struct view line)
{
	f->lines.at = (size_t)(line.p - f->lines.buf);
}

#endif
