#include "reason_codes.h"

#define RANGE(subject, first, last)	subject, first, last
#define ONE(subject, detail)		subject, detail, detail
#define ANY				PROVIDER_OTHER

/*
 * Provider rows stand before those for anybody. What Gmail means by its own
 * codes (SPF by x.7.27, TLS by x.7.29) differs from the registry.
 */
const struct reason_code_rule reason_code_rules[] = {
	{ "google-ptr", TIER_EXCEPTION, ONE(7, 23), PROVIDER_GOOGLE,
	    REASON_BAD_SENDER, "provider page" },
	{ "google-ptr", TIER_EXCEPTION, ONE(7, 25), PROVIDER_GOOGLE,
	    REASON_BAD_SENDER, "provider page" },
	{ "google-auth", TIER_EXCEPTION, RANGE(7, 24, 27), PROVIDER_GOOGLE,
	    REASON_AUTH_FAIL, "provider page" },
	{ "google-tls", TIER_EXCEPTION, ONE(7, 29), PROVIDER_GOOGLE,
	    REASON_TLS, "provider page" },
	{ "google-auth", TIER_EXCEPTION, RANGE(7, 30, 32), PROVIDER_GOOGLE,
	    REASON_AUTH_FAIL, "provider page" },
	{ "google-dmarc", TIER_EXCEPTION, ONE(7, 40), PROVIDER_GOOGLE,
	    REASON_AUTH_FAIL, "provider page" },
	{ "google-limit", TIER_CODE, ONE(4, 5), PROVIDER_GOOGLE,
	    REASON_RATE_LIMIT, "provider page" },
	{ "microsoft-no-recipient", TIER_EXCEPTION, ONE(1, 10),
	    PROVIDER_MICROSOFT365, REASON_BAD_RECIPIENT, "provider page" },
	{ "microsoft-access-denied", TIER_CODE, ONE(4, 1),
	    PROVIDER_MICROSOFT365, REASON_BAD_RECIPIENT, "provider page" },
	{ "microsoft-access-denied", TIER_CODE, ONE(4, 1), PROVIDER_OUTLOOK,
	    REASON_BAD_RECIPIENT, "provider page" },

	{ "bad-mailbox", TIER_CODE, RANGE(1, 1, 1), ANY,
	    REASON_BAD_RECIPIENT, "RFC 3463" },
	{ "bad-system", TIER_CODE, ONE(1, 2), ANY,
	    REASON_BAD_DOMAIN, "RFC 3463" },
	{ "bad-mailbox-syntax", TIER_CODE, ONE(1, 3), ANY,
	    REASON_BAD_RECIPIENT, "RFC 3463" },
	{ "ambiguous-mailbox", TIER_CODE, ONE(1, 4), ANY,
	    REASON_BAD_RECIPIENT, "RFC 3463" },
	{ "mailbox-moved", TIER_CODE, ONE(1, 6), ANY,
	    REASON_BAD_RECIPIENT, "RFC 3463" },
	{ "bad-sender-address", TIER_CODE, RANGE(1, 7, 8), ANY,
	    REASON_BAD_SENDER, "RFC 3463" },
	{ "null-mx", TIER_CODE, ONE(1, 10), ANY,
	    REASON_BAD_DOMAIN, "RFC 7505" },
	{ "mailbox-full", TIER_CODE, ONE(2, 2), ANY,
	    REASON_MAILBOX_FULL, "RFC 3463" },
	{ "message-length", TIER_CODE, ONE(2, 3), ANY,
	    REASON_TOO_LARGE, "RFC 3463" },
	{ "recipient-limit", TIER_CODE, RANGE(2, 121, 122), ANY,
	    REASON_RATE_LIMIT, "provider page" },
	{ "system-full", TIER_CODE, ONE(3, 1), ANY,
	    REASON_SERVER_ERROR, "RFC 3463" },
	{ "too-big-for-system", TIER_CODE, ONE(3, 4), ANY,
	    REASON_TOO_LARGE, "RFC 3463" },
	{ "routing-failure", TIER_CODE, ONE(4, 4), ANY,
	    REASON_NETWORK, "RFC 3463" },
	{ "routing-loop", TIER_CODE, ONE(4, 6), ANY,
	    REASON_ROUTING, "RFC 3463" },
	{ "hop-count", TIER_CODE, ONE(4, 14), ANY,
	    REASON_ROUTING, "provider page" },
	{ "delivery-expired", TIER_CODE, ONE(4, 7), ANY,
	    REASON_NETWORK, "RFC 3463" },
	{ "starttls-failed", TIER_CODE, ONE(4, 317), ANY,
	    REASON_TLS, "provider page" },
	{ "too-many-recipients", TIER_CODE, ONE(5, 3), ANY,
	    REASON_RATE_LIMIT, "RFC 3463" },
	{ "bad-media", TIER_CODE, RANGE(6, 0, 999), ANY,
	    REASON_BAD_MESSAGE, "RFC 3463" },
	{ "crypto-failure", TIER_CODE, ONE(7, 5), ANY,
	    REASON_TLS, "Postfix source" },
	{ "bad-credentials", TIER_CODE, RANGE(7, 8, 9), ANY,
	    REASON_LOGIN, "RFC 4954" },
	{ "encryption-needed", TIER_CODE, RANGE(7, 10, 11), ANY,
	    REASON_TLS, "RFC 5248" },
	{ "account-disabled", TIER_CODE, ONE(7, 13), ANY,
	    REASON_INACTIVE_RECIPIENT, "RFC 5248" },
	{ "owner-changed", TIER_CODE, RANGE(7, 17, 18), ANY,
	    REASON_BAD_RECIPIENT, "RFC 7293" },
	{ "authentication-failed", TIER_CODE, RANGE(7, 20, 24), ANY,
	    REASON_AUTH_FAIL, "RFC 7372" },
	{ "reverse-dns", TIER_CODE, ONE(7, 25), ANY,
	    REASON_BAD_SENDER, "RFC 7372" },
	{ "authentication-failed", TIER_CODE, ONE(7, 26), ANY,
	    REASON_AUTH_FAIL, "RFC 7372" },
	{ "sender-null-mx", TIER_CODE, ONE(7, 27), ANY,
	    REASON_AUTH_FAIL, "RFC 7505, Gmail's SPF" },
	{ "mail-flood", TIER_CODE, ONE(7, 28), ANY,
	    REASON_RATE_LIMIT, "IANA registry" },
	{ "arc-failed", TIER_CODE, ONE(7, 29), ANY,
	    REASON_AUTH_FAIL, "RFC 8617" },
	{ "authentication-failed", TIER_CODE, RANGE(7, 30, 32), ANY,
	    REASON_AUTH_FAIL, "provider page" },
	{ "dmarc-record", TIER_CODE, ONE(7, 40), ANY,
	    REASON_AUTH_FAIL, "provider page" },
	{ "not-authenticated", TIER_CODE, ONE(7, 57), ANY,
	    REASON_LOGIN, "provider page" },
	{ "tenant-attribution", TIER_CODE, ONE(7, 64), ANY,
	    REASON_ROUTING, "provider page" },
	{ "restricted", TIER_CODE, RANGE(7, 124, 136), ANY,
	    REASON_POLICY, "provider page" },
	{ "microsoft-tls", TIER_CODE, RANGE(7, 321, 325), ANY,
	    REASON_TLS, "provider page" },
	{ "microsoft-busy", TIER_CODE, ONE(7, 500), ANY,
	    REASON_RATE_LIMIT, "provider page" },
	{ "microsoft-spam-abuse", TIER_CODE, RANGE(7, 501, 503), ANY,
	    REASON_REPUTATION, "provider page" },
	{ "microsoft-helo", TIER_CODE, ONE(7, 506), ANY,
	    REASON_BAD_SENDER, "provider page" },
	{ "microsoft-dmarc", TIER_CODE, ONE(7, 509), ANY,
	    REASON_AUTH_FAIL, "provider page" },
	{ "microsoft-banned-sender", TIER_CODE, ONE(7, 511), ANY,
	    REASON_REPUTATION, "provider page" },
	{ "microsoft-not-rfc5322", TIER_CODE, ONE(7, 512), ANY,
	    REASON_BAD_MESSAGE, "provider page" },
	{ "microsoft-customer-list", TIER_CODE, ONE(7, 513), ANY,
	    REASON_REPUTATION, "provider page" },
	{ "microsoft-auth-level", TIER_CODE, ONE(7, 515), ANY,
	    REASON_AUTH_FAIL, "provider page" },
	{ "microsoft-banned-ip", TIER_CODE, RANGE(7, 606, 649), ANY,
	    REASON_REPUTATION, "provider page" },
	{ "microsoft-ip-rate", TIER_CODE, RANGE(7, 650, 651), ANY,
	    REASON_RATE_LIMIT, "provider page" },
	{ "microsoft-watched-ip", TIER_CODE, RANGE(7, 600, 699), ANY,
	    REASON_REPUTATION, "provider page" },
	{ "microsoft-threshold", TIER_CODE, ONE(7, 705), ANY,
	    REASON_RATE_LIMIT, "provider page" },
	{ "microsoft-ip-refused", TIER_CODE, ONE(7, 708), ANY,
	    REASON_REPUTATION, "provider page" },
	{ "microsoft-watched-ip", TIER_CODE, RANGE(7, 850, 899), ANY,
	    REASON_REPUTATION, "provider page" },

	{ "mailbox-disabled", TIER_VAGUE_CODE, ONE(2, 1), ANY,
	    REASON_INACTIVE_RECIPIENT, "RFC 3463" },
	{ "other-address", TIER_VAGUE_CODE, ONE(1, 0), ANY,
	    REASON_BAD_RECIPIENT, "RFC 3463" },
	{ "list-expansion", TIER_VAGUE_CODE, ONE(2, 4), ANY,
	    REASON_BAD_RECIPIENT, "RFC 3463" },
	{ "not-accepting-network", TIER_VAGUE_CODE, RANGE(3, 2, 5), ANY,
	    REASON_SERVER_ERROR, "RFC 3463" },
	{ "network", TIER_VAGUE_CODE, RANGE(4, 0, 5), ANY,
	    REASON_NETWORK, "RFC 3463" },
	{ "protocol", TIER_VAGUE_CODE, RANGE(5, 1, 5), ANY,
	    REASON_PROTOCOL, "RFC 3463" },
	{ "auth-exchange-line", TIER_VAGUE_CODE, ONE(5, 6), ANY,
	    REASON_LOGIN, "RFC 4954" },
	{ "not-authorised", TIER_VAGUE_CODE, RANGE(7, 0, 2), ANY,
	    REASON_POLICY, "RFC 3463" },
	{ "security-features", TIER_VAGUE_CODE, RANGE(7, 3, 7), ANY,
	    REASON_TLS, "RFC 3463" },
	{ "password-transition", TIER_VAGUE_CODE, ONE(7, 12), ANY,
	    REASON_LOGIN, "RFC 4954" },
	{ "trust-needed", TIER_VAGUE_CODE, ONE(7, 14), ANY,
	    REASON_POLICY, "RFC 5248" },
	{ "priority", TIER_VAGUE_CODE, RANGE(7, 15, 16), ANY,
	    REASON_POLICY, "RFC 6710" },
	{ "owner-not-found", TIER_VAGUE_CODE, ONE(7, 19), ANY,
	    REASON_SERVER_ERROR, "RFC 7293" },
};

const size_t reason_code_rule_count =
    sizeof(reason_code_rules) / sizeof(*reason_code_rules);

const struct reason_basic_rule reason_basic_rules[] = {
	{ "google-421", 421, 421, PROVIDER_GOOGLE, REASON_RATE_LIMIT,
	    "provider page" },
	{ "yahoo-421", 421, 421, PROVIDER_YAHOO, REASON_RATE_LIMIT,
	    "provider page" },
	{ "outlook-421", 421, 421, PROVIDER_OUTLOOK, REASON_RATE_LIMIT,
	    "provider page" },
	{ "microsoft-421", 421, 421, PROVIDER_MICROSOFT365,
	    REASON_RATE_LIMIT, "provider page" },
	{ "storage", 452, 452, ANY, REASON_MAILBOX_FULL, "RFC 5321" },
	{ "storage", 552, 552, ANY, REASON_MAILBOX_FULL, "RFC 5321" },
	{ "password-transition", 432, 432, ANY, REASON_LOGIN, "RFC 4954" },
	{ "temporary-auth-failure", 454, 454, ANY, REASON_LOGIN,
	    "RFC 4954" },
	{ "syntax", 500, 504, ANY, REASON_PROTOCOL, "RFC 5321" },
	{ "parameters", 555, 555, ANY, REASON_PROTOCOL, "RFC 5321" },
	{ "takes-no-mail", 521, 521, ANY, REASON_BAD_DOMAIN, "RFC 7504" },
	{ "takes-no-mail", 556, 556, ANY, REASON_BAD_DOMAIN, "RFC 7504" },
	{ "encryption-needed", 523, 523, ANY, REASON_TLS, "RFC 5248" },
	{ "encryption-needed", 538, 538, ANY, REASON_TLS, "RFC 4954" },
	{ "login", 530, 535, ANY, REASON_LOGIN, "RFC 4954" },
	{ "mailbox-unavailable", 550, 551, ANY, REASON_BAD_RECIPIENT,
	    "RFC 5321" },
	{ "mailbox-name", 553, 553, ANY, REASON_BAD_RECIPIENT, "RFC 5321" },
	{ "transaction-failed", 554, 554, ANY, REASON_POLICY, "RFC 5321" },
	{ "no-cause", 540, 599, ANY, REASON_POLICY, "RFC 5321" },
	{ "temporary", 400, 499, ANY, REASON_SERVER_ERROR, "RFC 5321" },
};

const size_t reason_basic_rule_count =
    sizeof(reason_basic_rules) / sizeof(*reason_basic_rules);

const struct reason_code_rule *
reason_code_find(const struct reply *reply, enum provider_id provider)
{
	const struct enhanced	*e = &reply->enhanced;
	size_t			 i;

	for (i = 0; e->class != 0 && i < reason_code_rule_count; i++) {
		const struct reason_code_rule *r = &reason_code_rules[i];

		if (r->subject == e->subject && r->first <= e->detail &&
		    e->detail <= r->last &&
		    (r->provider == ANY || r->provider == provider))
			return r;
	}
	return NULL;
}

const struct reason_basic_rule *
reason_basic_find(uint16_t code, enum provider_id provider)
{
	size_t	i;

	for (i = 0; i < reason_basic_rule_count; i++) {
		const struct reason_basic_rule *r = &reason_basic_rules[i];

		if (r->first <= code && code <= r->last &&
		    (r->provider == ANY || r->provider == provider))
			return r;
	}
	return NULL;
}
