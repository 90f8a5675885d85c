import qs from "qs";

export const cases = {
  parse: () => [qs.parse("a[b][c]=1&a[d][]=2&a[d][]=3&e=%C3%A9+x"), qs.parse("?x=1;y=2", { ignoreQueryPrefix: true, delimiter: ";" }), qs.parse("a.b=c", { allowDots: true })],
  stringify: () => [qs.stringify({ a: { b: [1, 2] }, c: null, d: undefined, e: "ü &" }), qs.stringify({ a: [1, 2] }, { arrayFormat: "brackets", encode: false }), qs.stringify({ d: new Date(0) })],
  prototype: () => qs.parse("__proto__[x]=1&constructor[y]=2"),
  limits: () => qs.parse(Array.from({ length: 1100 }, (_, at) => `k${at}=1`).join("&"), { throwOnLimitExceeded: true }),
};
