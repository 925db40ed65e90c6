#include "answer_explain.h"
#include "explain.h"
#include "response.h"

enum { DOCUMENT_BYTES = 256 * 1024 };

static const char	*argument(const struct request *, const char *name);

struct MHD_Response *
answer_explain(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	struct view		 code = view_of(argument(request, "code"));
	struct view		 enhanced = view_of(argument(request,
				    "enhanced"));
	struct question		 q = { .mta = MTA_COUNT };
	struct MHD_Response	*response;
	struct explanation	 e;
	struct buf		 b;

	(void)a;
	*status = HTTP_200;
	reply_take_code(&code, &q.reply.code);
	reply_take_enhanced(&enhanced, &q.reply.enhanced);
	if (q.reply.code == 0 && q.reply.enhanced.class == 0)
		return response_text(VIEW(
		    "/explain?code=421&enhanced=4.7.28&provider=google&text=\n"
		    "code or enhanced is needed\n"));
	q.provider_name = argument(request, "provider");
	q.provider = explain_provider(view_of(q.provider_name));
	q.text = view_of(argument(request, "text"));
	explain(&q, &e);
	buf_init(&b, DOCUMENT_BYTES);
	explain_html(&b, &e);
	response = b.failed ? NULL : response_html(buf_view(&b));
	buf_fini(&b);
	return response;
}

/* NULL when it was not given. */
static const char *
argument(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection,
	    MHD_GET_ARGUMENT_KIND, name);
}
