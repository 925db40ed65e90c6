#include "percent.h"

static int	hex(char);

size_t
percent_decode(void *cls, struct MHD_Connection *connection, char *s)
{
	char	*out = s;
	int	 high, low;

	(void)cls;
	(void)connection;
	for (const char *in = s; *in != '\0'; in++) {
		high = in[0] == '%' ? hex(in[1]) : -1;
		low = high != -1 ? hex(in[2]) : -1;
		if (low == -1 || high + low == 0) {
			*out++ = *in;
			continue;
		}
		*out++ = (char)(high * 16 + low);
		in += 2;
	}
	*out = '\0';
	return (size_t)(out - s);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}
