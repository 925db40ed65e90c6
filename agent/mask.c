#include <assert.h>
#include <ctype.h>
#include <strings.h>

#include "mask.h"

#define HIDDEN		"[...]"

#define HASH_BASIS	0x811c9dc5u		/* FNV-1a */
#define HASH_PRIME	0x01000193u

enum { WORD_LEAST = 2, PART_LEAST = 3 };

/* Parts of an address that name nobody and are words of many replies. */
static const char *const harmless[] = {
	"abuse", "address", "bounce", "bounces", "info", "list", "mail",
	"mailer", "message", "news", "newsletter", "noreply", "not", "owner",
	"postmaster", "prvs", "reply", "return", "root", "sender", "server",
	"service", "srs0", "srs1", "support", "the", "user", "verp", "www"
};

static void	add_word(struct mask *, struct view);
static void	add_parts(struct mask *, struct view local);
static bool	is_harmless(struct view);
static bool	is_local(unsigned char c);
static bool	is_host(unsigned char c);
static size_t	address_at(struct view text, size_t at);
static size_t	bracket_at(struct view text, size_t at);
static size_t	word_at(const struct mask *, struct view text, size_t at);
static size_t	hashed_at(const struct mask *, struct view text, size_t at);
static struct view local_part(struct view address);
static uint32_t	fold(uint32_t hash, char);
static size_t	token_len(struct view text, size_t at);
static size_t	put(char *out, size_t len, size_t cap, const char *, size_t);
static size_t	whole(const char *out, size_t len);

void
mask_init(struct mask *m)
{
	m->count = 0;
	m->hash = 0;
}

void
mask_add(struct mask *m, struct view address)
{
	struct view	local = local_part(address);

	add_word(m, address);
	add_word(m, local);
	if (local.n > 2 && local.p[0] == '"')
		add_word(m, view_sub(local, 1, local.n - 2));
	add_parts(m, local);
}

void
mask_add_hash(struct mask *m, uint32_t hash)
{
	m->hash = hash;
}

uint32_t
mask_hash(struct view address)
{
	struct view	local = local_part(address);
	uint32_t	h = HASH_BASIS;
	size_t		i;

	if (local.n < WORD_LEAST)
		return 0;
	for (i = 0; i < local.n; i++)
		h = fold(h, local.p[i]);
	return h;
}

size_t
mask_text(const struct mask *m, struct view text, char *out, size_t cap)
{
	size_t	i = 0, n, len = 0, need;

	assert(cap > sizeof(HIDDEN));
	while (i < text.n) {
		bool	start = i == 0 ||
		    !isalnum((unsigned char)text.p[i - 1]);

		n = bracket_at(text, i);
		if (n == 0 && (i == 0 ||
		    !is_local((unsigned char)text.p[i - 1])))
			n = address_at(text, i);
		if (n == 0 && start)
			n = word_at(m, text, i);
		if (n == 0 && start && m->hash != 0)
			n = hashed_at(m, text, i);
		need = n > 0 ? sizeof(HIDDEN) - 1 : 1;
		if (len + need >= cap)
			break;
		if (n > 0)
			len = put(out, len, cap, HIDDEN, need);
		else {
			out[len++] = iscntrl((unsigned char)text.p[i]) ?
			    ' ' : text.p[i];
			n = 1;
		}
		i += n;
	}
	if (i < text.n)
		len = whole(out, len);
	out[len] = '\0';
	return len;
}

static void
add_word(struct mask *m, struct view word)
{
	size_t	i;

	if (word.n < WORD_LEAST || m->count == MASK_WORDS)
		return;
	for (i = 0; i < m->count; i++)
		if (view_eq_nocase(m->word[i], word))
			return;
	m->word[m->count++] = word;
}

/*
 * "bounce-12-alice=example.com" and "alice+shop": what stands between the
 * signs, and what stands before a sign, as far as the sign before it.
 */
static void
add_parts(struct mask *m, struct view local)
{
	size_t	i, from = 0, soft = 0;

	for (i = 0; i <= local.n; i++) {
		char	c = i < local.n ? local.p[i] : '=';

		if (c == '-' || c == '/' || c == '_' || c == '~') {
			soft = i + 1;
			continue;
		}
		if (c != '=' && c != '+' && c != '#' && c != '%')
			continue;
		if (from > 0 || i < local.n) {
			if (i - from >= PART_LEAST &&
			    !is_harmless(view_sub(local, from, i - from)))
				add_word(m, view_sub(local, from, i - from));
			if (soft > from && i - soft >= PART_LEAST &&
			    !is_harmless(view_sub(local, soft, i - soft)))
				add_word(m, view_sub(local, soft, i - soft));
		}
		from = soft = i + 1;
	}
}

static bool
is_harmless(struct view word)
{
	size_t	i;

	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (view_eq_nocase(word, view_of(harmless[i])))
			return true;
	return false;
}

static bool
is_local(unsigned char c)
{
	return isalnum(c) || c >= 0x80 ||
	    (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

static bool
is_host(unsigned char c)
{
	return isalnum(c) || c >= 0x80 || c == '.' || c == '-' || c == '_';
}

/* Length of an address that starts here: local@host, "a b"@host, a%40host. */
static size_t
address_at(struct view text, size_t at)
{
	size_t	i = at, host;

	if (text.p[i] == '"') {
		size_t	end = view_find(text, '"', i + 1);

		if (end + 1 >= text.n || text.p[end + 1] != '@')
			return 0;
		i = end + 1;
	} else
		i += token_len(text, i);
	if (i < text.n && text.p[i] == '@') {
		if (i == at)
			return 0;
		host = ++i;
		while (i < text.n && is_host((unsigned char)text.p[i]))
			i++;
		/* "a@b@c": source routes and VERP once more */
		if (i < text.n && text.p[i] == '@')
			return i + 1 - at + address_at(text, i + 1);
		return i > host ? i - at : 0;
	}
	host = view_search(view_sub(text, at, i - at), VIEW("%40"));
	return host > 0 && host < i - at ? i - at : 0;
}

static size_t
token_len(struct view text, size_t at)
{
	size_t	i = at;

	while (i < text.n && is_local((unsigned char)text.p[i]))
		i++;
	return i - at;
}

/* <name> is a mailbox in most dialects, even without a host. */
static size_t
bracket_at(struct view text, size_t at)
{
	size_t	end;

	if (text.p[at] != '<')
		return 0;
	end = view_find(text, '>', at);
	if (end == text.n || end == at + 1)
		return 0;
	return end + 1 - at;
}

static size_t
word_at(const struct mask *m, struct view text, size_t at)
{
	size_t	i, longest = 0;

	for (i = 0; i < m->count; i++) {
		struct view	w = m->word[i];

		if (w.n > text.n - at || w.n <= longest ||
		    strncasecmp(text.p + at, w.p, w.n) != 0)
			continue;
		if (at + w.n < text.n &&
		    isalnum((unsigned char)text.p[at + w.n]))
			continue;
		longest = w.n;
	}
	return longest;
}

/* The word ends where a name may end: at each sign in it. */
static size_t
hashed_at(const struct mask *m, struct view text, size_t at)
{
	size_t		n, len = token_len(text, at);
	uint32_t	h = HASH_BASIS;

	for (n = 0; n < len; n++) {
		h = fold(h, text.p[at + n]);
		if (h == m->hash && (n + 1 == len ||
		    !isalnum((unsigned char)text.p[at + n + 1])))
			return n + 1;
	}
	return 0;
}

static uint32_t
fold(uint32_t h, char c)
{
	return (h ^ (uint32_t)tolower((unsigned char)c)) * HASH_PRIME;
}

static struct view
local_part(struct view address)
{
	return view_sub(address, 0, view_find_last(address, '@'));
}

static size_t
put(char *out, size_t len, size_t cap, const char *s, size_t n)
{
	assert(len + n < cap);
	memcpy(out + len, s, n);
	return len + n;
}

/* Drop the bytes of a character that was cut at the end. */
static size_t
whole(const char *out, size_t len)
{
	size_t	i = len;

	while (i > 0 && len - i < 3 &&
	    ((unsigned char)out[i - 1] & 0xc0) == 0x80)
		i--;
	if (i > 0 && ((unsigned char)out[i - 1] & 0xc0) == 0xc0)
		return i - 1;
	return len;
}
