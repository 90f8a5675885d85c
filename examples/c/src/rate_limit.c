// Limits sign-ups and logins from one network: the example rate-limit-by-ip in C, against the contract alone.
#include <string.h>

#include "hook.h"

#define WINDOW_SECONDS 600
#define TEXT_BYTES 512

typedef exports_aerocall_hooks_hooks_reply_t reply_t;
typedef exports_aerocall_hooks_hooks_failure_t failure_t;

// A text that is written piece by piece; what does not fit is left out.
typedef struct {
  char bytes[TEXT_BYTES];
  size_t length;
} text_t;

static void add(text_t *text, const char *piece, size_t length) {
  if (length > TEXT_BYTES - text->length) length = TEXT_BYTES - text->length;
  memcpy(text->bytes + text->length, piece, length);
  text->length += length;
}

static void add_words(text_t *text, const char *words) { add(text, words, strlen(words)); }

static void add_number(text_t *text, uint64_t number, unsigned base) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  add(text, digits + at, sizeof digits - at);
}

static hook_string_t words(const char *words) {
  return (hook_string_t){.ptr = (uint8_t *)words, .len = strlen(words)};
}

static hook_string_t written(text_t *text) {
  return (hook_string_t){.ptr = (uint8_t *)text->bytes, .len = text->length};
}

static unsigned digit(char character) {
  if (character >= '0' && character <= '9') return (unsigned)(character - '0');
  return (unsigned)((character | 0x20) - 'a') + 10;
}

// Reads groups of an IPv6 address up to `::` or the end; answers how many there are.
static size_t read_groups(const char **at, const char *end, uint16_t groups[8]) {
  size_t count = 0;
  while (*at < end && count < 8 && **at != ':') {
    uint16_t group = 0;
    for (; *at < end && **at != ':'; (*at)++) group = (uint16_t)(group << 4 | (digit(**at) & 15));
    groups[count++] = group;
    if (*at + 1 < end && (*at)[1] != ':') (*at)++;
  }
  return count;
}

// IPv4 addresses as they are; of an IPv6 address the network, its first 64 bits.
static void add_network(text_t *text, const hook_string_t *ip) {
  const char *at = (const char *)ip->ptr, *end = at + ip->len;
  bool is_v6 = false;
  for (const char *next = at; next < end; next++) is_v6 = is_v6 || *next == ':';
  if (!is_v6) {
    add(text, at, ip->len);
    return;
  }
  uint16_t groups[8] = {0}, after[8] = {0};
  size_t before = read_groups(&at, end, groups);
  if (at + 1 < end) {
    at += 2;
    size_t behind = read_groups(&at, end, after);
    for (size_t n = 0; n < behind && n < 8 - before; n++) groups[8 - behind + n] = after[n];
  }
  for (size_t n = 0; n < 4; n++) {
    if (n > 0) add_words(text, ":");
    add_number(text, groups[n], 16);
  }
  add_words(text, "::/64");
}

static bool is(const hook_string_t *text, const char *words) {
  if (text->len != strlen(words)) return false;
  for (size_t n = 0; n < text->len; n++) {
    if (text->ptr[n] != (uint8_t)words[n]) return false;
  }
  return true;
}

static bool failed(failure_t *failure, hook_string_t message) {
  failure->tag = AEROCALL_HOOKS_TYPES_FAILURE_THREW;
  failure->val.threw = (aerocall_hooks_types_exception_t){.name = words("Error"), .message = message, .stack = words("")};
  return false;
}

// Counts in fixed windows: the first request makes the counter, and it goes when its time is over.
bool exports_aerocall_hooks_hooks_handle(exports_aerocall_hooks_hooks_call_t *call, reply_t *reply, failure_t *failure) {
  const aerocall_hooks_types_context_t *context = &call->context;
  bool is_signup = is(&context->hook, "beforeSignup");
  if (!is_signup && !is(&context->hook, "beforeLogin")) {
    failure->tag = AEROCALL_HOOKS_TYPES_FAILURE_UNKNOWN_HOOK;
    return false;
  }
  if (!context->request.is_some) return failed(failure, words("there is no request to count"));
  static text_t network, key, line;
  add_network(&network, &context->request.val.ip);
  add_words(&key, "rate:");
  add(&key, (const char *)context->hook.ptr, context->hook.len);
  add_words(&key, ":");
  add(&key, network.bytes, network.length);

  hook_string_t name = written(&key);
  uint32_t seconds = WINDOW_SECONDS;
  int64_t count = 0;
  aerocall_hooks_cache_error_t error;
  if (!aerocall_hooks_cache_increment(&name, 1, &seconds, &count, &error)) return failed(failure, error.message);
  if (count <= (is_signup ? 5 : 20)) {
    reply->tag = AEROCALL_HOOKS_TYPES_REPLY_ALLOW;
    return true;
  }
  add(&line, (const char *)context->hook.ptr, context->hook.len);
  add_words(&line, ": request ");
  add_number(&line, (uint64_t)count, 10);
  add_words(&line, " from ");
  add(&line, network.bytes, network.length);
  hook_string_t message = written(&line);
  aerocall_hooks_log_write(AEROCALL_HOOKS_LOG_LEVEL_WARN, &message);
  reply->tag = AEROCALL_HOOKS_TYPES_REPLY_DENY;
  reply->val.deny = (aerocall_hooks_types_denial_t){
      .code = words("too_many_requests"),
      .message = words("Too many attempts. Please try again later."),
      .status = 429,
  };
  return true;
}
