/*
 * gap - input that could not be counted: declared, never silent.
 *
 * Each row is a value of the label reason of smtpulse_gaps_total.
 */
#ifndef GAP_H
#define GAP_H

#define GAPS(X)								\
	X(ROTATED_AWAY,	"rotated_away",					\
	    "A rotated file was gone before it was read to its end")	\
	X(TRUNCATED,	"truncated",					\
	    "A file shrank; what stood behind our place may be lost")	\
	X(REWRITTEN,	"rewritten",					\
	    "What stands before our place in a file has changed")	\
	X(DAMAGED,	"damaged",					\
	    "A .gz file is damaged or ends too early")			\
	X(UNREADABLE,	"unreadable",					\
	    "Reading a file failed and its rest was given up")		\
	X(CURSOR_LOST,	"cursor_lost",					\
	    "The journal no longer holds the place where we stopped")	\
	X(SUPPRESSED,	"suppressed",					\
	    "The logger itself said that it lost or dropped messages")	\
	X(STATE_LOST,	"state_lost",					\
	    "The state file was damaged; we started without it")	\
	X(TOO_MANY,	"too_many_files",				\
	    "More files than we can follow")

enum gap {
#define X(id, name, help) GAP_##id,
	GAPS(X)
#undef X
	GAP_COUNT
};

const char	*gap_name(enum gap);
const char	*gap_help(enum gap);

#endif
