// As much of <stdlib.h> as the bindings need: memory.c.
#ifndef AEROCALL_STDLIB_H
#define AEROCALL_STDLIB_H
#include <stddef.h>

void *malloc(size_t size);
void *realloc(void *old, size_t size);
void free(void *memory);
_Noreturn void abort(void);
#endif
