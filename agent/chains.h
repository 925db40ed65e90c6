/*
 * chains - what the state knows of all logs, found in the file system.
 *
 * First every row finds its file, in all chains; then what is newer is taken
 * in, so that no chain takes a file that another one knows. A log of which
 * nothing stands in its place, not even a rotated file, has lost its
 * directory rather than its lines: its rows wait until something is there
 * again, or until nobody wants those lines any more.
 */
#ifndef CHAINS_H
#define CHAINS_H

#include "sources.h"
#include "state_file.h"

/*
 * The rows are sorted, and the text of those that have to wait is taken over:
 * their path is NULL then. Their source is one of ours, by name.
 */
int	chains_take_in(struct sources *, struct state_file *row, size_t count);
/* Has one of those that wait come back? wall: epoch s. */
int	chains_return(struct sources *, int64_t wall);
/* Is there a row that waits for that name? */
bool	chains_wait_for(const struct sources *, const char *path);

#endif
