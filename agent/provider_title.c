#include "provider_id.h"
#include "provider_title.h"

#define V(text)	{ text, sizeof(text) - 1 }

static const struct {
	struct view	name, title;
} titles[] = {
#define X(id, name, title) { V(name), V(title) },
	PROVIDERS(X)
#undef X
};

struct view
provider_title(struct view name)
{
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (view_eq(titles[i].name, name))
			return titles[i].title;
	return name;
}
