#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "problems.h"

enum { MESSAGE_BYTES = 512, LAST_LINE_BYTES = 32 };

void
problems_init(struct problems *p, char *text, size_t size)
{
	*p = (struct problems){ .text = text, .size = size };
	text[0] = '\0';
}

void
problems_add(struct problems *p, const char *file, int line, const char *fmt,
    ...)
{
	char	message[MESSAGE_BYTES], where[16] = "";
	va_list	ap;
	size_t	room = p->size - p->used;
	int	n;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	for (char *c = message; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	if (line > 0)
		snprintf(where, sizeof(where), "%d:", line);
	p->count++;
	n = snprintf(p->text + p->used, room, "%s%s:%s %s",
	    p->used == 0 ? "" : "\n", file, where, message);
	if (n > 0 && (size_t)n + LAST_LINE_BYTES < room) {
		p->used += (size_t)n;
		return;
	}
	snprintf(p->text + p->used, room, "\nthere are more mistakes");
}
