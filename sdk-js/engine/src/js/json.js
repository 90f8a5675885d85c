// JSON.parse: what is nested too deeply is an error that can be caught (see `src/json/depth.rs`).
(function (host) {
  const quickjs = JSON.parse;
  const { parse } = {
    parse(text, reviver) {
      const json = `${text}`;
      // Short texts cannot be deep, and are most of them.
      if (json.length > 8000) host.jsonCheckDepth(json.toWellFormed());
      return quickjs(json, reviver);
    },
  };
  Object.defineProperty(JSON, "parse", { value: parse, writable: true, configurable: true, enumerable: false });
})
