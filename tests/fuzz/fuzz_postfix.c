#define FUZZ_MTA	MTA_POSTFIX
#define FUZZ_TAG	"postfix/smtp"

#include "fuzz_parser.h"
