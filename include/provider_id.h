/*
 * provider_id - who runs the mailbox, as a small number.
 *
 * The built-in providers have fixed numbers, so that rules about one of them
 * can name it. Providers of agent.conf and busy unknown domains get numbers
 * above, from agent/provider.c.
 */
#ifndef PROVIDER_ID_H
#define PROVIDER_ID_H

#define PROVIDERS(X)							\
	X(GOOGLE, "google")						\
	X(MICROSOFT365, "microsoft365")					\
	X(OUTLOOK, "outlook")						\
	X(YAHOO, "yahoo")						\
	X(YAHOO_JAPAN, "yahoo-japan")					\
	X(ICLOUD, "icloud")						\
	X(COMCAST, "comcast")						\
	X(ATT, "att")							\
	X(SPECTRUM, "spectrum")						\
	X(COX, "cox")							\
	X(EARTHLINK, "earthlink")					\
	X(CENTURYLINK, "centurylink")					\
	X(GMX, "gmx")							\
	X(IONOS, "ionos")						\
	X(T_ONLINE, "t-online")						\
	X(STRATO, "strato")						\
	X(FREENET, "freenet")						\
	X(ARCOR, "arcor")						\
	X(ORANGE, "orange")						\
	X(FREE, "free")							\
	X(SFR, "sfr")							\
	X(LAPOSTE, "laposte")						\
	X(BBOX, "bbox")							\
	X(MAILRU, "mailru")						\
	X(YANDEX, "yandex")						\
	X(RAMBLER, "rambler")						\
	X(UKRNET, "ukrnet")						\
	X(IUA, "iua")							\
	X(QQ, "qq")							\
	X(NETEASE, "netease")						\
	X(ALIYUN, "aliyun")						\
	X(SINA, "sina")							\
	X(SOHU, "sohu")							\
	X(CHINA_MOBILE_139, "china-mobile-139")				\
	X(NETVIGATOR, "netvigator")					\
	X(HINET, "hinet")						\
	X(ZOHO, "zoho")							\
	X(PROTON, "proton")						\
	X(FASTMAIL, "fastmail")						\
	X(TUTA, "tuta")							\
	X(HEY, "hey")							\
	X(MAILBOX_ORG, "mailbox-org")					\
	X(POSTEO, "posteo")						\
	X(RACKSPACE, "rackspace")					\
	X(GODADDY, "godaddy")						\
	X(NAMECHEAP, "namecheap")					\
	X(OPENSRS, "opensrs")						\
	X(NETWORKSOLUTIONS, "networksolutions")				\
	X(DREAMHOST, "dreamhost")					\
	X(HOSTINGER, "hostinger")					\
	X(ONE_COM, "one-com")						\
	X(OVH, "ovh")							\
	X(GANDI, "gandi")						\
	X(INFOMANIAK, "infomaniak")					\
	X(HOSTPOINT, "hostpoint")					\
	X(MIGADU, "migadu")						\
	X(MXROUTE, "mxroute")						\
	X(CLOUDFLARE_ROUTING, "cloudflare-routing")			\
	X(IMPROVMX, "improvmx")						\
	X(FORWARDEMAIL, "forwardemail")					\
	X(MAILGUN, "mailgun")						\
	X(MIMECAST, "mimecast")						\
	X(PROOFPOINT, "proofpoint")					\
	X(BARRACUDA, "barracuda")					\
	X(CISCO_IPHMX, "cisco-iphmx")					\
	X(MESSAGELABS, "messagelabs")					\
	X(FORCEPOINT, "forcepoint")					\
	X(TRENDMICRO, "trendmicro")					\
	X(FIREEYE, "fireeye")						\
	X(MXLOGIC, "mxlogic")						\
	X(APPRIVER, "appriver")						\
	X(SOPHOS, "sophos")						\
	X(HORNETSECURITY, "hornetsecurity")				\
	X(RETARUS, "retarus")						\
	X(ELEVEN_CYREN, "eleven-cyren")					\
	X(SPAMEXPERTS, "spamexperts")					\
	X(LIBRAESVA, "libraesva")					\
	X(MAILCHANNELS, "mailchannels")					\
	X(NAVER, "naver")						\
	X(DAUM, "daum")							\
	X(NATE, "nate")							\
	X(DOCOMO, "docomo")						\
	X(SOFTBANK, "softbank")						\
	X(AU_KDDI, "au-kddi")						\
	X(BIGLOBE, "biglobe")						\
	X(NIFTY, "nifty")						\
	X(OCN, "ocn")							\
	X(SO_NET, "so-net")						\
	X(REDIFF, "rediff")						\
	X(UOL, "uol")							\
	X(TERRA, "terra")						\
	X(IG, "ig")							\
	X(LIBERO, "libero")						\
	X(VIRGILIO_TIM, "virgilio-tim")					\
	X(ARUBA, "aruba")						\
	X(TISCALI, "tiscali")						\
	X(FASTWEB, "fastweb")						\
	X(VODAFONE_IT, "vodafone-it")					\
	X(SEZNAM, "seznam")						\
	X(CENTRUM_CZ, "centrum-cz")					\
	X(AZET, "azet")							\
	X(WP_PL, "wp-pl")						\
	X(O2_PL, "o2-pl")						\
	X(ONET, "onet")							\
	X(INTERIA, "interia")						\
	X(HOME_PL, "home-pl")						\
	X(FREEMAIL_HU, "freemail-hu")					\
	X(CITROMAIL, "citromail")					\
	X(ABV, "abv")							\
	X(TELENET, "telenet")						\
	X(PROXIMUS, "proximus")						\
	X(ZIGGO, "ziggo")						\
	X(KPN, "kpn")							\
	X(TRANSIP, "transip")						\
	X(BT, "bt")							\
	X(VIRGIN, "virgin")						\
	X(SKY, "sky")							\
	X(TALKTALK, "talktalk")						\
	X(PLUSNET, "plusnet")						\
	X(EIRCOM, "eircom")						\
	X(TELIA, "telia")						\
	X(TELENOR, "telenor")						\
	X(BLUEWIN, "bluewin")						\
	X(A1, "a1")							\
	X(SAPO, "sapo")							\
	X(TELEFONICA, "telefonica")					\
	X(BELL, "bell")							\
	X(ROGERS, "rogers")						\
	X(TELUS, "telus")						\
	X(SHAW, "shaw")							\
	X(VIDEOTRON, "videotron")					\
	X(BIGPOND, "bigpond")						\
	X(OPTUS, "optus")						\
	X(TPG_IINET, "tpg-iinet")					\
	X(XTRA, "xtra")							\
	X(FACEBOOK, "facebook")

enum provider_id {
	PROVIDER_OTHER,		/* unknown and not among the busiest */
	PROVIDER_LOCAL,		/* delivered on this machine */
	PROVIDER_INTERNAL,	/* a content filter or relay of our own */
#define X(id, name) PROVIDER_##id,
	PROVIDERS(X)
#undef X
	PROVIDER_BUILTIN_COUNT,
	PROVIDER_MAX = 512	/* built in, configured and dynamic */
};

#endif
