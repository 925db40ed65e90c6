#define FUZZ_MTA	MTA_EXIM
#define FUZZ_TAG	"exim"

#include "fuzz_parser.h"
