#include "answer_explain.h"
#include "explain.h"
#include "remedy.h"
#include "response.h"

enum { DOCUMENT_BYTES = 256 * 1024 };

static const char	*argument(const struct request *, const char *name);
static struct MHD_Response *document(const struct question *);

struct MHD_Response *
answer_explain(struct answer_context *a, const struct request *request,
    enum http_status *status)
{
	struct view		 code = view_of(argument(request, "code"));
	struct view		 enhanced = view_of(argument(request,
				    "enhanced"));
	struct question		 q = { .mta = MTA_COUNT };

	(void)a;
	*status = HTTP_200;
	q.text = view_of(argument(request, "text"));
	reply_take_code(&code, &q.reply.code);
	reply_take_enhanced(&enhanced, &q.reply.enhanced);
	if (q.reply.code == 0 && q.reply.enhanced.class == 0 &&
	    !reply_parse(q.text, &q.reply) && q.text.n == 0)
		return response_text(VIEW(
		    "/explain?code=421&enhanced=4.7.28&provider=google&text=\n"
		    "code, enhanced or text is needed\n"));
	q.provider_name = argument(request, "provider");
	q.provider = explain_provider(view_of(q.provider_name));
	return document(&q);
}

static struct MHD_Response *
document(const struct question *q)
{
	struct MHD_Response	*response;
	struct explanation	 e;
	struct buf		 b, remedies;

	explain(q, &e);
	buf_init(&b, DOCUMENT_BYTES);
	buf_init(&remedies, DOCUMENT_BYTES);
	for (enum mta mta = MTA_POSTFIX; mta < MTA_COUNT; mta++)
		remedy_write(&remedies, &(struct remedy_wish){
		    e.diagnosis.action, mta, q->provider_name });
	explain_html(&b, &e, buf_view(&remedies));
	response = b.failed ? NULL : response_html(buf_view(&b));
	buf_fini(&remedies);
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
