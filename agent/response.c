#include <stdlib.h>

#include "page_digest.h"
#include "response.h"

/* What libmicrohttpd holds while it sends. */
struct sending {
	struct publication	*publication;
	struct buf		 tail;
};

static const struct {
	const char	*name, *value;
} headers[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Cache-Control", "no-store" },
	{ "Content-Security-Policy", "default-src 'none'; "
	    "style-src '" PAGE_STYLE_DIGEST "'; img-src data:; "
	    "base-uri 'none'; "
	    "form-action 'self'; frame-ancestors 'none'" },
};

static struct MHD_Response *send_parts(struct publication *, struct view,
		    struct buf *tail);
static void	sent(void *);
static struct MHD_Response *secured(struct MHD_Response *, const char *type);

struct MHD_Response *
response_text(struct view text)
{
	return secured(MHD_create_response_from_buffer(text.n,
	    (void *)(uintptr_t)text.p, MHD_RESPMEM_MUST_COPY),
	    "text/plain; charset=utf-8");
}

struct MHD_Response *
response_html(struct view document)
{
	return secured(MHD_create_response_from_buffer(document.n,
	    (void *)(uintptr_t)document.p, MHD_RESPMEM_MUST_COPY),
	    "text/html; charset=utf-8");
}

struct MHD_Response *
response_page(struct publication *p, enum page_kind kind, struct buf *tail)
{
	struct MHD_Response	*r;

	r = send_parts(p, buf_view(&p->body[kind]), tail);
	if (r != NULL)
		MHD_add_response_header(r, "Vary", "Accept, Accept-Encoding");
	return secured(r, page_type(kind));
}

struct MHD_Response *
response_gzip(struct publication *p, enum page_kind kind, struct buf *tail)
{
	struct MHD_Response	*r;
	struct pack		*pack = &p->pack[kind];
	struct buf		 end;

	if (pack->p == NULL && pack_make(pack, buf_view(&p->body[kind])) == -1)
		return response_page(p, kind, tail);
	buf_init(&end, PAGE_BYTES_MAX);
	pack_end(&end, pack, buf_view(tail));
	end.failed |= tail->failed;
	buf_fini(tail);
	r = send_parts(p, (struct view){ (char *)pack->p, pack->len }, &end);
	if (r == NULL)
		return NULL;
	MHD_add_response_header(r, "Vary", "Accept, Accept-Encoding");
	MHD_add_response_header(r, "Content-Encoding", "gzip");
	return secured(r, page_type(kind));
}

static struct MHD_Response *
send_parts(struct publication *p, struct view page, struct buf *tail)
{
	struct sending		*s = calloc(1, sizeof(*s));
	struct MHD_IoVec	 part[2];
	struct MHD_Response	*r = NULL;

	part[0] = (struct MHD_IoVec){ page.p, page.n };
	part[1] = (struct MHD_IoVec){ tail->p, tail->len };
	if (s != NULL && !tail->failed)
		r = MHD_create_response_from_iovec(part,
		    tail->len > 0 ? 2 : 1, sent, s);
	if (r == NULL) {
		free(s);
		publication_release(p);
		buf_fini(tail);
		return NULL;
	}
	s->publication = p;
	s->tail = *tail;
	return r;
}

static void
sent(void *cls)
{
	struct sending	*s = cls;

	publication_release(s->publication);
	buf_fini(&s->tail);
	free(s);
}

static struct MHD_Response *
secured(struct MHD_Response *r, const char *type)
{
	if (r == NULL)
		return NULL;
	MHD_add_response_header(r, "Content-Type", type);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		MHD_add_response_header(r, headers[i].name, headers[i].value);
	return r;
}
