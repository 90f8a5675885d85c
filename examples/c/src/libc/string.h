// As much of <string.h> as the bindings and the hook need: memory.c.
#ifndef AEROCALL_STRING_H
#define AEROCALL_STRING_H
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
size_t strlen(const char *text);
#endif
