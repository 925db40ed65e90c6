/*
 * report_form - a report as 80 columns of text, or as JSON.
 */
#ifndef REPORT_FORM_H
#define REPORT_FORM_H

#include "column.h"
#include "report.h"

void	report_text(const struct column *, const struct report *);
void	report_json(struct buf *, const struct report *);

#endif
