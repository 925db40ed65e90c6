/*
 * state_db - inside the state: the connection and its prepared statements.
 *
 * Seen by the state_*.c files only.
 */
#ifndef STATE_DB_H
#define STATE_DB_H

#include <sqlite3.h>

#include "siphash.h"
#include "state.h"
#include "view.h"

#define STATEMENTS(X)							\
	X(BEGIN, "BEGIN IMMEDIATE")					\
	X(COMMIT, "COMMIT")						\
	X(ROLLBACK, "ROLLBACK")						\
	X(META_GET, "SELECT value FROM meta WHERE name = ?1")		\
	X(META_PUT, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)")	\
	X(REGION_ADD, "INSERT OR REPLACE INTO regions (name, version, size) " \
	    "VALUES (?1, ?2, ?3)")					\
	X(REGION_FIND, "SELECT id, version, size FROM regions "		\
	    "WHERE name = ?1")						\
	X(PAGES_DROP, "DELETE FROM pages WHERE id / 1048576 = ?1")	\
	X(PAGES, "SELECT id % 1048576, data, sum FROM pages "		\
	    "WHERE id BETWEEN ?1 * 1048576 AND ?1 * 1048576 + 1048575")	\
	X(PAGE_PUT, "INSERT OR REPLACE INTO pages VALUES "		\
	    "(?1 * 1048576 + ?2, ?3, ?4)")				\
	X(COUNTERS, "SELECT id, family, labels, value, sum FROM counters") \
	X(COUNTER_PUT, "INSERT OR REPLACE INTO counters VALUES "	\
	    "(?1, ?2, ?3, ?4, ?5)")					\
	X(COUNTERS_DROP, "DELETE FROM counters")			\
	X(COUNTER_DROP, "DELETE FROM counters WHERE id = ?1")		\
	X(FILES, "SELECT * FROM files ORDER BY id")			\
	X(FILE_PUT, "INSERT OR REPLACE INTO files VALUES (?1, ?2, ?3, "	\
	    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "	\
	    "?16, ?17, ?18, ?19, ?20, ?21)")				\
	X(FILE_DROP, "DELETE FROM files WHERE id = ?1")			\
	X(NOTES, "SELECT id, body, sum FROM notes WHERE kind = ?1 "	\
	    "ORDER BY id")						\
	X(NOTES_ALL, "SELECT kind, id, body, sum FROM notes")		\
	X(NOTE_PUT, "INSERT OR REPLACE INTO notes VALUES (?1, ?2, ?3, ?4)") \
	X(NOTE_DROP, "DELETE FROM notes WHERE kind = ?1 AND id = ?2")	\
	X(NOTES_DROP, "DELETE FROM notes WHERE kind = ?1")

enum statement {
#define X(id, sql) STMT_##id,
	STATEMENTS(X)
#undef X
	STMT_COUNT
};

extern const char	*const state_sql[STMT_COUNT];

/* A counter as it was saved last; id is the hash of its name. */
struct saved_counter {
	uint64_t	id, value;
	uint32_t	turn;		/* of the commit that named it last */
	bool		used;
};

struct state {
	sqlite3			*db;
	sqlite3_stmt		*stmt[STMT_COUNT];
	int			 lock;
	char			*path;
	uint8_t			 key[SIPHASH_KEY_BYTES];
	int64_t			 created;
	bool			 rebooted, foreign;	/* of another machine */
	bool			 in_commit;
	bool			 failed;	/* since state_begin() */
	char			 error[STATE_ERROR];
	uint64_t		 file_ino;	/* of path, when opened */
	struct region		*region[STATE_REGIONS];	/* in this commit */
	size_t			 region_count;
	struct saved_counter	*counter;
	size_t			 counter_size, counter_count;
	uint32_t		 turn;
};

/* Reset the statement and note that the commit failed. */
void	state_fail(struct state *, sqlite3_stmt *);
/* Run a statement that gives no rows; then it can be bound anew. */
void	state_run(struct state *, enum statement);
/* A checksum over texts and numbers, one after the other. */
struct sum {
	uint64_t	value;
};
void	sum_add(struct sum *, const void *, size_t);
void	sum_add_text(struct sum *, const char *);
void	sum_add_u64(struct sum *, uint64_t);
/* Counters that this commit did not name are gone. */
void	state_drop_unnamed(struct state *);
/* Verify every row; a message in error when one is damaged. */
int	state_verify(struct state *);
/* A row of STMT_COUNTERS. */
bool	state_counter_is_sound(sqlite3_stmt *);
int	state_verify_files(struct state *);
int	state_verify_notes(struct state *);

#endif
