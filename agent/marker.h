/*
 * marker - what stands in a file: enough to know it again by its content.
 *
 * Keyed hashes of its first bytes and of the last ones before a place. They
 * hold for the text, so a compressed or copied file has the same. Together
 * they tell a file that was rewritten from one that only grew.
 */
#ifndef MARKER_H
#define MARKER_H

#include <stddef.h>
#include <stdint.h>

enum { MARKER_HEAD = 1024, MARKER_TAIL = 256 };

struct marker {
	uint64_t	head, tail;	/* hashes */
	int64_t		offset;		/* of the place, in the text */
	uint16_t	head_len;	/* bytes hashed, at most MARKER_HEAD
					   and not beyond offset, except
					   while that is 0 */
	uint16_t	tail_len;	/* 0: not known */
};

enum marker_match {
	MARKER_OTHER,		/* another text */
	MARKER_CHANGED,		/* the same head, but not the same before the
				   place, or it ends earlier */
	MARKER_SAME,
	MARKER_FAILED		/* it cannot be read that far; errno */
};

/* Bring the marker up to a place in an open file of plain text. */
int			marker_take(struct marker *, const uint8_t key[16],
			    int fd, int64_t offset);
/* Of a text of size bytes that was not begun yet: its head alone. */
int			marker_take_head(struct marker *,
			    const uint8_t key[16], int fd, int64_t size);
/* The same as marker_take() where text is the last n bytes before offset. */
void			marker_take_tail(struct marker *,
			    const uint8_t key[16], const char *text, size_t n,
			    int64_t offset);
/* Does the file, plain or gzip, have that marker? Reads a gzip file up to
   the place if its head is right. */
enum marker_match	marker_compare(const struct marker *,
			    const uint8_t key[16], int fd);

#endif
