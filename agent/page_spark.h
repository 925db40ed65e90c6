/*
 * page_spark - an hour of one provider as a small drawing.
 */
#ifndef PAGE_SPARK_H
#define PAGE_SPARK_H

#include "buf.h"
#include "status.h"

void	page_spark(struct buf *, const struct status_provider *);

#endif
