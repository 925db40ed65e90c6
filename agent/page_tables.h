/*
 * page_tables - the tables of the status page. Each writes one section, or
 * nothing when there is nothing to show.
 */
#ifndef PAGE_TABLES_H
#define PAGE_TABLES_H

#include "buf.h"
#include "status.h"

void	page_providers(struct buf *, const struct status *);
void	page_reasons(struct buf *, const struct status *);
void	page_tenants(struct buf *, const struct status *);
void	page_retries(struct buf *, const struct status *);
void	page_sources(struct buf *, const struct status *);

/*
 * The page stays under 100 KB whatever is in it: a list ends, and says so,
 * when the page is as long as this. Where lists may end, in the order in
 * which they are written:
 */
enum {
	PAGE_ALERTS_END = 30000, PAGE_PROVIDERS_END = 66000,
	PAGE_REASONS_END = 74000, PAGE_TENANTS_END = 81000,
	PAGE_RETRIES_END = 85000, PAGE_RESOLVED_END = 89000,
	PAGE_SOURCES_END = 95000
};

/* Is the list to end here? Writes that so many are not shown, if so. */
bool	page_is_full(struct buf *, size_t end, size_t left);

/* "421 4.7.28", "4.4.1", "no reply": a link to its explanation. */
void	page_code(struct buf *, uint16_t code, struct enhanced,
	    struct view provider);

#endif
