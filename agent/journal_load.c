/*
 * libsystemd brings five libraries, and only who reads the journal needs it.
 */
#ifdef WITH_JOURNAL
#include <errno.h>
#include <systemd/sd-journal.h>

#define FORWARD_LIBRARY	"libsystemd.so.0"
#include "forward.h"

/* clang-format off */
#define CALL(name, params, args)	FORWARD(int, name, params, args, \
	-ELIBACC)

CALL(sd_journal_open, (sd_journal **out, int flags), (out, flags))
CALL(sd_journal_open_directory, (sd_journal **out, const char *path,
    int flags), (out, path, flags))
FORWARD_VOID(sd_journal_close, (sd_journal *j), (j))
CALL(sd_journal_get_fd, (sd_journal *j), (j))
CALL(sd_journal_process, (sd_journal *j), (j))

CALL(sd_journal_add_match, (sd_journal *j, const void *data, size_t n),
    (j, data, n))
CALL(sd_journal_add_disjunction, (sd_journal *j), (j))

CALL(sd_journal_next, (sd_journal *j), (j))
CALL(sd_journal_previous, (sd_journal *j), (j))
CALL(sd_journal_seek_head, (sd_journal *j), (j))
CALL(sd_journal_seek_tail, (sd_journal *j), (j))
CALL(sd_journal_seek_cursor, (sd_journal *j, const char *cursor), (j, cursor))
CALL(sd_journal_test_cursor, (sd_journal *j, const char *cursor), (j, cursor))
CALL(sd_journal_get_cursor, (sd_journal *j, char **out), (j, out))

CALL(sd_journal_get_data, (sd_journal *j, const char *field,
    const void **data, size_t *n), (j, field, data, n))
CALL(sd_journal_get_realtime_usec, (sd_journal *j, uint64_t *out), (j, out))
#endif
