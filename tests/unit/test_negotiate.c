#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "negotiate.h"

#define OM	"application/openmetrics-text"

static const struct {
	const char		*what, *header;
	enum expose_format	 want;
} accepts[] = {
	{ "none", "", EXPOSE_TEXT },
	{ "Prometheus 2.42", OM ";version=1.0.0," OM ";version=0.0.1;q=0.75,"
	    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", EXPOSE_OPENMETRICS },
	{ "Prometheus 3", OM ";version=1.0.0;escaping=allow-utf-8;q=0.6,"
	    OM ";version=0.0.1;q=0.5,text/plain;version=1.0.0;"
	    "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
	    "*/*;q=0.2", EXPOSE_OPENMETRICS },
	{ "Prometheus 3 with native histograms", "application/"
	    "vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
	    "encoding=delimited;q=0.7," OM ";version=1.0.0;q=0.6,"
	    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", EXPOSE_OPENMETRICS },
	{ "Prometheus before OpenMetrics", "text/plain;version=0.0.4;q=1,"
	    "*/*;q=0.1", EXPOSE_TEXT },
	{ "curl", "*/*", EXPOSE_TEXT },
	{ "browser", "text/html,application/xhtml+xml,application/xml;q=0.9,"
	    "image/avif,*/*;q=0.8", EXPOSE_TEXT },
	{ "only OpenMetrics", OM, EXPOSE_OPENMETRICS },
	{ "only an old OpenMetrics", OM ";version=0.0.1", EXPOSE_TEXT },
	{ "OpenMetrics refused", OM ";q=0, text/plain", EXPOSE_TEXT },
	{ "text preferred", OM ";q=0.4, text/plain;q=0.5", EXPOSE_TEXT },
	{ "a tie", "text/plain, " OM, EXPOSE_OPENMETRICS },
	{ "star does not lift text", OM ";q=0.5, text/plain;q=0.2, */*;q=0.9",
	    EXPOSE_OPENMETRICS },
	{ "blanks and case", " Application/OpenMetrics-Text ; Q=0.8 ;"
	    " Version=\"1.0.0\" , text/plain;q=0.7", EXPOSE_OPENMETRICS },
	{ "quoted comma", "text/plain;x=\"a," OM "\";q=0.5", EXPOSE_TEXT },
	{ "unknown parameters", OM ";version=1.0.0;charset=utf-8;level=\"1\"",
	    EXPOSE_OPENMETRICS },
	{ "a quality that is none", OM ";q=high, text/plain;q=0.1",
	    EXPOSE_TEXT },
	{ "nothing we have", "image/png", EXPOSE_TEXT },
	{ "empty elements", ",,;;," OM ",", EXPOSE_OPENMETRICS },
	{ "star over text", "text/*;q=0.9," OM ";q=0.5", EXPOSE_TEXT },
	{ "unclosed quote", OM ";a=\"b", EXPOSE_OPENMETRICS },
};

static const struct {
	const char	*header;
	bool		 want;
} encodings[] = {
	{ "", false },
	{ "gzip", true },
	{ "identity", false },
	{ "gzip, deflate, br", true },
	{ "deflate, br;q=0.9, *;q=0.1", true },
	{ "*;q=0", false },
	{ "gzip;q=0", false },
	{ "gzip;q=0.001", true },
	{ "gzip;q=0, *", false },
	{ "identity;q=1, gzip;q=0.5", false },
	{ "GZIP ; q=1.0", true },
	{ "x-gzip", true },
	{ "gzipped", false },
};

static void
test_accept(void **state)
{
	struct accept	a;

	(void)state;
	for (size_t i = 0; i < sizeof(accepts) / sizeof(accepts[0]); i++) {
		accept_init(&a);
		accept_read(&a, view_of(accepts[i].header));
		if (accept_format(&a) != accepts[i].want)
			fail_msg("%s: got %d, want %d", accepts[i].what,
			    accept_format(&a), accepts[i].want);
	}
	/* several headers are one list */
	accept_init(&a);
	accept_read(&a, VIEW("text/plain;q=0.5"));
	accept_read(&a, VIEW(OM));
	assert_int_equal(accept_format(&a), EXPOSE_OPENMETRICS);
}

static void
test_encoding(void **state)
{
	struct accept_encoding	a;

	(void)state;
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
		accept_encoding_init(&a);
		accept_encoding_read(&a, view_of(encodings[i].header));
		if (accept_encoding_gzip(&a) != encodings[i].want)
			fail_msg("\"%s\": want %d", encodings[i].header,
			    encodings[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_encoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
