#include <stddef.h>

#include <confuse.h>
#include <curl/curl.h>
#include <jansson.h>
#include <libpsl.h>
#include <microhttpd.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <sqlite3.h>
#include <zlib.h>

#include "version.h"

enum { PCRE2_BYTES = 64 };

const char *
version_number(void)
{
	return SMTPULSE_VERSION;
}

const char *
version_revision(void)
{
	return SMTPULSE_REVISION;
}

const char *
version_compiler(void)
{
#ifdef __clang__
	return "clang " __clang_version__;
#else
	return "gcc " __VERSION__;
#endif
}

void
version_print(FILE *out)
{
	char				 pcre2[PCRE2_BYTES] = "?";
	const curl_version_info_data	*curl = curl_version_info(
					    CURLVERSION_NOW);

	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= PCRE2_BYTES)
		pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	fprintf(out, "smtpulse %s (%s)\n", version_number(),
	    version_revision());
	fprintf(out, "built with %s, journal %s\n", version_compiler(),
#ifdef WITH_JOURNAL
	    "yes");
#else
	    "no");
#endif
	/* as they are running, not as we were compiled with them */
	const struct {
		const char	*name, *number;
	} libraries[] = {
		{ "libmicrohttpd", MHD_get_version() },
		{ "jansson", jansson_version_str() },
		{ "libconfuse", confuse_version },
		{ "sqlite3", sqlite3_libversion() },
		{ "libcurl", curl == NULL ? "missing" :
		    curl->version },
		{ "zlib", zlibVersion() },
		{ "pcre2", pcre2 },
		{ "libpsl", psl_get_version() },
	};
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		fprintf(out, "%s %s\n", libraries[i].name,
		    libraries[i].number);
}
