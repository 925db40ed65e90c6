#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "region.h"

enum { READY_BYTES = 64 * 1024 };

int
region_init(struct region *r, const char *name, uint32_t version, size_t size)
{
	size_t	pages = (size + REGION_PAGE - 1) >> REGION_PAGE_SHIFT;

	r->name = name;
	r->version = version;
	r->size = pages << REGION_PAGE_SHIFT;
	/* mmap and not calloc: pages that are never touched cost nothing */
	r->base = mmap(NULL, r->size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r->base == MAP_FAILED) {
		r->base = NULL;
		return -1;
	}
	r->dirty = calloc(pages, 1);
	if (r->dirty == NULL) {
		munmap(r->base, r->size);
		r->base = NULL;
		errno = ENOMEM;
		return -1;
	}
	return 0;
}

void
region_ready(struct region *r, size_t end)
{
	if (end <= r->ready)
		return;
	end = (end / READY_BYTES + 1) * READY_BYTES;
	if (end > r->size)
		end = r->size;
	/* an older kernel refuses; then the pages come one by one */
	madvise(r->base + r->ready, end - r->ready, MADV_POPULATE_WRITE);
	r->ready = end;
}

void
region_fini(struct region *r)
{
	if (r->base != NULL)
		munmap(r->base, r->size);
	free(r->dirty);
	r->base = NULL;
	r->dirty = NULL;
}
