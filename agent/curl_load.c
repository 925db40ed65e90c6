/*
 * libcurl brings 25 libraries, a third of the time to start and a fifth of the
 * memory, and only who pushes alerts or runs top needs it.
 */
#include <stdarg.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#define FORWARD_LIBRARY	CURL_SONAME
#include "forward.h"

/* clang-format off */

/* Options are numbered by the type of their value: curl.h, CURLOPTTYPE_.
   Where a long has 64 bits two branches are the same. */
#define FORWARD_OPTION(code, name, handle, option, failed)		\
	code (name)(handle *h, option o, ...)				\
	{								\
		FORWARD_REAL(code, name, (handle *, option, ...));	\
		code	rc;						\
		va_list	ap;						\
									\
		va_start(ap, o);					\
		if (real == NULL)					\
			rc = (failed);					\
		else if ((int)o < CURLOPTTYPE_OBJECTPOINT)		\
			rc = real(h, o, va_arg(ap, long));		\
		else if ((int)o >= CURLOPTTYPE_OFF_T &&			\
		    (int)o < CURLOPTTYPE_BLOB)				\
			rc = real(h, o, va_arg(ap, curl_off_t));	\
		else							\
			rc = real(h, o, va_arg(ap, void *));		\
		va_end(ap);						\
		return rc;						\
	}

FORWARD(CURLcode, curl_global_init, (long flags), (flags), CURLE_FAILED_INIT)
FORWARD(curl_version_info_data *, curl_version_info, (CURLversion v), (v),
    NULL)
FORWARD(struct curl_slist *, curl_slist_append, (struct curl_slist *list,
    const char *text), (list, text), NULL)
FORWARD_VOID(curl_slist_free_all, (struct curl_slist *list), (list))

FORWARD(CURL *, curl_easy_init, (void), (), NULL)
FORWARD(CURLcode, curl_easy_perform, (CURL *h), (h), CURLE_FAILED_INIT)
FORWARD(const char *, curl_easy_strerror, (CURLcode rc), (rc),
    "libcurl is not there")
FORWARD_VOID(curl_easy_reset, (CURL *h), (h))
FORWARD_VOID(curl_easy_cleanup, (CURL *h), (h))
/* NOLINTNEXTLINE(bugprone-branch-clone) */
FORWARD_OPTION(CURLcode, curl_easy_setopt, CURL, CURLoption,
    CURLE_FAILED_INIT)

FORWARD(CURLM *, curl_multi_init, (void), (), NULL)
FORWARD(CURLMcode, curl_multi_add_handle, (CURLM *m, CURL *h), (m, h),
    CURLM_INTERNAL_ERROR)
FORWARD(CURLMcode, curl_multi_remove_handle, (CURLM *m, CURL *h), (m, h),
    CURLM_INTERNAL_ERROR)
FORWARD(CURLMsg *, curl_multi_info_read, (CURLM *m, int *left), (m, left),
    NULL)
FORWARD(CURLMcode, curl_multi_socket_action, (CURLM *m, curl_socket_t fd,
    int events, int *running), (m, fd, events, running),
    CURLM_INTERNAL_ERROR)
FORWARD(CURLMcode, curl_multi_cleanup, (CURLM *m), (m), CURLM_INTERNAL_ERROR)
/* NOLINTNEXTLINE(bugprone-branch-clone) */
FORWARD_OPTION(CURLMcode, curl_multi_setopt, CURLM, CURLMoption,
    CURLM_INTERNAL_ERROR)

/* All that it tells is stored through pointers. */
CURLcode
(curl_easy_getinfo)(CURL *h, CURLINFO info, ...)
{
	FORWARD_REAL(CURLcode, curl_easy_getinfo, (CURL *, CURLINFO, ...));
	CURLcode	rc = CURLE_FAILED_INIT;
	va_list		ap;

	va_start(ap, info);
	if (real != NULL)
		rc = real(h, info, va_arg(ap, void *));
	va_end(ap);
	return rc;
}
