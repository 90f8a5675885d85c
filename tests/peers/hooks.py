"""What schemathesis does not know by itself: a body that is WebAssembly is bytes."""

import schemathesis


@schemathesis.serializer("application/wasm")
def wasm(_ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
