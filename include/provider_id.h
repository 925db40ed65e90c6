/*
 * provider_id - who runs the mailbox, as a small number.
 *
 * The built-in providers have fixed numbers, so that rules about one of them
 * can name it; each has its name in metrics and its title for people.
 * Providers of agent.conf and busy unknown domains get numbers above, from
 * agent/provider.c.
 */
#ifndef PROVIDER_ID_H
#define PROVIDER_ID_H

#define PROVIDERS(X)							\
	X(GOOGLE, "google", "Google")					\
	X(MICROSOFT365, "microsoft365", "Microsoft 365")		\
	X(OUTLOOK, "outlook", "Outlook.com")				\
	X(YAHOO, "yahoo", "Yahoo")					\
	X(YAHOO_JAPAN, "yahoo-japan", "Yahoo Japan")			\
	X(ICLOUD, "icloud", "iCloud")					\
	X(COMCAST, "comcast", "Comcast")				\
	X(ATT, "att", "AT&T")						\
	X(SPECTRUM, "spectrum", "Spectrum")				\
	X(COX, "cox", "Cox")						\
	X(EARTHLINK, "earthlink", "EarthLink")				\
	X(CENTURYLINK, "centurylink", "CenturyLink")			\
	X(GMX, "gmx", "GMX")						\
	X(IONOS, "ionos", "IONOS")					\
	X(T_ONLINE, "t-online", "T-Online")				\
	X(STRATO, "strato", "STRATO")					\
	X(FREENET, "freenet", "freenet")				\
	X(ARCOR, "arcor", "Arcor")					\
	X(ORANGE, "orange", "Orange")					\
	X(FREE, "free", "Free")						\
	X(SFR, "sfr", "SFR")						\
	X(LAPOSTE, "laposte", "La Poste")				\
	X(BBOX, "bbox", "Bbox")						\
	X(MAILRU, "mailru", "Mail.ru")					\
	X(YANDEX, "yandex", "Yandex")					\
	X(RAMBLER, "rambler", "Rambler")				\
	X(UKRNET, "ukrnet", "ukr.net")					\
	X(IUA, "iua", "I.UA")						\
	X(QQ, "qq", "QQ")						\
	X(NETEASE, "netease", "NetEase")				\
	X(ALIYUN, "aliyun", "Aliyun")					\
	X(SINA, "sina", "Sina")						\
	X(SOHU, "sohu", "Sohu")						\
	X(CHINA_MOBILE_139, "china-mobile-139", "China Mobile 139")	\
	X(NETVIGATOR, "netvigator", "Netvigator")			\
	X(HINET, "hinet", "HiNet")					\
	X(ZOHO, "zoho", "Zoho")						\
	X(PROTON, "proton", "Proton")					\
	X(FASTMAIL, "fastmail", "Fastmail")				\
	X(TUTA, "tuta", "Tuta")						\
	X(HEY, "hey", "HEY")						\
	X(MAILBOX_ORG, "mailbox-org", "mailbox.org")			\
	X(POSTEO, "posteo", "Posteo")					\
	X(RACKSPACE, "rackspace", "Rackspace")				\
	X(GODADDY, "godaddy", "GoDaddy")				\
	X(NAMECHEAP, "namecheap", "Namecheap")				\
	X(OPENSRS, "opensrs", "OpenSRS")				\
	X(NETWORKSOLUTIONS, "networksolutions", "Network Solutions")	\
	X(DREAMHOST, "dreamhost", "DreamHost")				\
	X(HOSTINGER, "hostinger", "Hostinger")				\
	X(ONE_COM, "one-com", "one.com")				\
	X(OVH, "ovh", "OVH")						\
	X(GANDI, "gandi", "Gandi")					\
	X(INFOMANIAK, "infomaniak", "Infomaniak")			\
	X(HOSTPOINT, "hostpoint", "Hostpoint")				\
	X(MIGADU, "migadu", "Migadu")					\
	X(MXROUTE, "mxroute", "MXroute")				\
	X(CLOUDFLARE_ROUTING, "cloudflare-routing", "Cloudflare")	\
	X(IMPROVMX, "improvmx", "ImprovMX")				\
	X(FORWARDEMAIL, "forwardemail", "Forward Email")		\
	X(MAILGUN, "mailgun", "Mailgun")				\
	X(MIMECAST, "mimecast", "Mimecast")				\
	X(PROOFPOINT, "proofpoint", "Proofpoint")			\
	X(BARRACUDA, "barracuda", "Barracuda")				\
	X(CISCO_IPHMX, "cisco-iphmx", "Cisco (IronPort)")		\
	X(MESSAGELABS, "messagelabs", "MessageLabs")			\
	X(FORCEPOINT, "forcepoint", "Forcepoint")			\
	X(TRENDMICRO, "trendmicro", "Trend Micro")			\
	X(FIREEYE, "fireeye", "FireEye")				\
	X(MXLOGIC, "mxlogic", "MX Logic")				\
	X(APPRIVER, "appriver", "AppRiver")				\
	X(SOPHOS, "sophos", "Sophos")					\
	X(HORNETSECURITY, "hornetsecurity", "Hornetsecurity")		\
	X(RETARUS, "retarus", "Retarus")				\
	X(ELEVEN_CYREN, "eleven-cyren", "eleven (Cyren)")		\
	X(SPAMEXPERTS, "spamexperts", "SpamExperts")			\
	X(LIBRAESVA, "libraesva", "Libraesva")				\
	X(MAILCHANNELS, "mailchannels", "MailChannels")			\
	X(NAVER, "naver", "Naver")					\
	X(DAUM, "daum", "Daum")						\
	X(NATE, "nate", "Nate")						\
	X(DOCOMO, "docomo", "docomo")					\
	X(SOFTBANK, "softbank", "SoftBank")				\
	X(AU_KDDI, "au-kddi", "au (KDDI)")				\
	X(BIGLOBE, "biglobe", "BIGLOBE")				\
	X(NIFTY, "nifty", "NIFTY")					\
	X(OCN, "ocn", "OCN")						\
	X(SO_NET, "so-net", "So-net")					\
	X(REDIFF, "rediff", "Rediff")					\
	X(UOL, "uol", "UOL")						\
	X(TERRA, "terra", "Terra")					\
	X(IG, "ig", "iG")						\
	X(LIBERO, "libero", "Libero")					\
	X(VIRGILIO_TIM, "virgilio-tim", "Virgilio (TIM)")		\
	X(ARUBA, "aruba", "Aruba")					\
	X(TISCALI, "tiscali", "Tiscali")				\
	X(FASTWEB, "fastweb", "Fastweb")				\
	X(VODAFONE_IT, "vodafone-it", "Vodafone Italia")		\
	X(SEZNAM, "seznam", "Seznam")					\
	X(CENTRUM_CZ, "centrum-cz", "Centrum.cz")			\
	X(AZET, "azet", "Azet")						\
	X(WP_PL, "wp-pl", "WP.pl")					\
	X(O2_PL, "o2-pl", "o2.pl")					\
	X(ONET, "onet", "Onet")						\
	X(INTERIA, "interia", "Interia")				\
	X(HOME_PL, "home-pl", "home.pl")				\
	X(FREEMAIL_HU, "freemail-hu", "Freemail.hu")			\
	X(CITROMAIL, "citromail", "Citromail")				\
	X(ABV, "abv", "ABV")						\
	X(TELENET, "telenet", "Telenet")				\
	X(PROXIMUS, "proximus", "Proximus")				\
	X(ZIGGO, "ziggo", "Ziggo")					\
	X(KPN, "kpn", "KPN")						\
	X(TRANSIP, "transip", "TransIP")				\
	X(BT, "bt", "BT")						\
	X(VIRGIN, "virgin", "Virgin Media")				\
	X(SKY, "sky", "Sky")						\
	X(TALKTALK, "talktalk", "TalkTalk")				\
	X(PLUSNET, "plusnet", "Plusnet")				\
	X(EIRCOM, "eircom", "eircom")					\
	X(TELIA, "telia", "Telia")					\
	X(TELENOR, "telenor", "Telenor")				\
	X(BLUEWIN, "bluewin", "Bluewin")				\
	X(A1, "a1", "A1")						\
	X(SAPO, "sapo", "SAPO")						\
	X(TELEFONICA, "telefonica", "Telefonica")			\
	X(BELL, "bell", "Bell")						\
	X(ROGERS, "rogers", "Rogers")					\
	X(TELUS, "telus", "TELUS")					\
	X(SHAW, "shaw", "Shaw")						\
	X(VIDEOTRON, "videotron", "Videotron")				\
	X(BIGPOND, "bigpond", "BigPond")				\
	X(OPTUS, "optus", "Optus")					\
	X(TPG_IINET, "tpg-iinet", "TPG (iiNet)")			\
	X(XTRA, "xtra", "Xtra")						\
	X(FACEBOOK, "facebook", "Facebook")

enum provider_id {
	PROVIDER_OTHER,		/* unknown and not among the busiest */
	PROVIDER_LOCAL,		/* delivered on this machine */
	PROVIDER_INTERNAL,	/* a content filter or relay of our own */
#define X(id, name, title) PROVIDER_##id,
	PROVIDERS(X)
#undef X
	PROVIDER_BUILTIN_COUNT,
	PROVIDER_MAX = 512	/* built in, configured and dynamic */
};

#endif
