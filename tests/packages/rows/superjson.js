import superjson from "superjson";

const value = { date: new Date(0), map: new Map([["a", new Set([1])]]), big: 12n, nothing: undefined, pattern: /x/gi, nan: NaN, url: new URL("https://a.b/c") };

export const cases = {
  serialize: () => superjson.serialize(value),
  round: () => superjson.parse(superjson.stringify(value)),
  same: () => { const shared = { a: 1 }; const { json, meta } = superjson.serialize([shared, shared]); const back = superjson.deserialize({ json, meta }); return [meta, back[0] === back[1]]; },
  errors: () => superjson.parse(superjson.stringify(new TypeError("no"))),
};
