/*
 * forward - functions of a library that is loaded by the first call of one.
 *
 * For the linker these are the library's functions. Each asks the loader for
 * the real one when it is first called and keeps it. Without the library a
 * call fails with the value named. FORWARD_LIBRARY is to be defined: the file
 * name as the loader knows it.
 */
#ifndef FORWARD_H
#define FORWARD_H

#include <dlfcn.h>
#include <stddef.h>

static inline void *
forward_find(const char *library, const char *name)
{
	void	*handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	return handle == NULL ? NULL : dlsym(handle, name);
}

/* clang-format off */
#define FORWARD_REAL(type, name, params)				\
	static type (*real) params;					\
									\
	if (real == NULL)						\
		real = (type (*) params)forward_find(FORWARD_LIBRARY,	\
		    #name)

#define FORWARD(type, name, params, args, failed)			\
	type (name) params						\
	{								\
		FORWARD_REAL(type, name, params);			\
		return real == NULL ? (failed) : real args;		\
	}

#define FORWARD_VOID(name, params, args)				\
	void (name) params						\
	{								\
		FORWARD_REAL(void, name, params);			\
		if (real != NULL)					\
			real args;					\
	}
/* clang-format on */

#endif
