#define FUZZ_MTA	MTA_SENDMAIL
#define FUZZ_TAG	"sm-mta"

#include "fuzz_parser.h"
