// Memory for a guest that lives for one invocation: it is given out and never taken back. What the machine refuses ends the hook.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAGE ((size_t)65536)

extern unsigned char __heap_base;
static size_t next, end;

void *malloc(size_t size) {
  if (next == 0) {
    next = (size_t)&__heap_base;
    end = __builtin_wasm_memory_size(0) * PAGE;
  }
  size_t at = (next + 15) & ~(size_t)15;
  if (size > SIZE_MAX - at - PAGE) abort();
  if (at + size > end) {
    size_t pages = (at + size - end + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) abort();
    end += pages * PAGE;
  }
  next = at + size;
  return (void *)at;
}

// Its old size is not known, and what lies behind it is memory of the guest as well.
void *realloc(void *old, size_t size) {
  void *made = malloc(size);
  if (old != NULL) memcpy(made, old, size);
  return made;
}

void free(void *memory) { (void)memory; }

_Noreturn void abort(void) { __builtin_trap(); }

void *memcpy(void *to, const void *from, size_t size) {
  for (size_t at = 0; at < size; at++) ((unsigned char *)to)[at] = ((const unsigned char *)from)[at];
  return to;
}

void *memset(void *to, int byte, size_t size) {
  for (size_t at = 0; at < size; at++) ((unsigned char *)to)[at] = (unsigned char)byte;
  return to;
}

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != '\0') length++;
  return length;
}
