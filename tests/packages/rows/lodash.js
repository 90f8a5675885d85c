import lodash from "lodash";
import { camelCase, chunk, cloneDeep, debounce, groupBy, isEqual, merge, template } from "lodash-es";

export const cases = {
  objects: () => [merge({ a: [{ b: 1 }] }, { a: [{ c: 2 }] }), isEqual({ a: new Map([[1, new Set([2])]]) }, { a: new Map([[1, new Set([2])]]) }), cloneDeep({ d: new Date(0), r: /x/g, m: new Map([[1, 2]]) })],
  lists: () => [chunk([1, 2, 3, 4, 5], 2), groupBy(["one", "two", "three"], "length"), lodash.sortBy([{ a: 2 }, { a: 1 }], "a"), lodash.uniqBy([1.2, 1.5, 2], Math.floor)],
  strings: () => [camelCase("Foo Bar-baz"), lodash.deburr("déjà vu"), lodash.words("fred, barney & pebbles"), lodash.truncate("x".repeat(40)), lodash.startCase("fooBar")],
  chain: () => lodash([3, 1, 2]).sort().map((n) => n * 2).reverse().value(),
  paths: () => [lodash.get({ a: [{ b: { c: 3 } }] }, "a[0].b.c"), lodash.set({}, "x.y[1]", 1), lodash.omit({ a: 1, b: 2 }, "a")],
  template: () => template("hello <%- user %>! <% for (const x of list) { %><%= x %>,<% } %>")({ user: "<jane>", list: [1, 2] }),
  debounce: async () => { let calls = 0; const call = debounce(() => { calls++; }, 5); call(); call(); await new Promise((done) => setTimeout(done, 20)); return calls; },
};
