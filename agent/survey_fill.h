/*
 * survey_fill - the parts of the picture, one verb each.
 */
#ifndef SURVEY_FILL_H
#define SURVEY_FILL_H

#include "survey.h"
#include "survey_key.h"

void	survey_fill_providers(struct survey *, const struct survey_facts *);
void	survey_fill_codes(struct survey *);
void	survey_fill_reasons(struct survey *);
void	survey_fill_tenants(struct survey *);
void	survey_fill_sources(struct survey *, const struct survey_facts *);
void	survey_fill_unclassified(struct survey *);
void	survey_fill_alerts(struct survey *, const struct survey_facts *);

#endif
