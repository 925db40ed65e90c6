/*
 * config_fill - the struct config as it grows, section by section.
 *
 * Every value comes in as text through option_set(): the table's default, then
 * that of a built-in rule of the same name, then the user's.
 */
#ifndef CONFIG_FILL_H
#define CONFIG_FILL_H

#include "option.h"

/* A configuration with the defaults of all untitled options; NULL: memory. */
struct config	*config_new(void);
/*
 * One more element of a titled section, with its defaults. The pointer is
 * good until the next call.
 */
void		*config_grow(struct config *, enum option_section,
		    const char *title, const char *file, int line);
int		 config_add_label(struct config *, const char *name,
		    const char *value);
/* Add the built-in rules that the file does not name. */
int		 config_add_rules(struct config *);
int		 config_add_note(struct config *, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));
/* Element i of a titled section. */
void		*config_element_at(const struct config *, enum option_section,
		    size_t i);
size_t		 config_element_count(const struct config *,
		    enum option_section);

#endif
