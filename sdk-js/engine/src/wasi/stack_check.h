/* QuickJS leaves its stack check out on WASI, so that deep recursion would trap instead of throwing a RangeError.
   Included before QuickJS's own files. Of the library's headers one asks for WASI; it comes first. */
#include <wasi/api.h>
#undef __wasi__
