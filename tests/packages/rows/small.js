// One-purpose packages: ms, semver, fast-deep-equal, slugify, change-case, he.
import * as changeCase from "change-case";
import equal from "fast-deep-equal";
import he from "he";
import ms from "ms";
import semver from "semver";
import slugify from "slugify";

export const cases = {
  ms: () => [ms("2 days"), ms("1.5h"), ms(60000), ms(2 * 60000, { long: true }), ms("nonsense")],
  msBad: () => ms({}),
  semver: () => [semver.satisfies("1.2.3", "^1.0.0 || >=3"), semver.inc("1.2.3", "minor"), semver.valid("v1.2"), semver.coerce("v2.x").version, ["1.0.0", "1.0.0-beta.2", "0.9.9"].sort(semver.compare), semver.parse("1.2.3-a.1+b").prerelease, semver.minVersion(">1.2").version],
  equal: () => [equal({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), equal(NaN, NaN), equal(new Date(0), new Date(1)), equal(/a/g, /a/i)],
  slugify: () => [slugify("Déjà Vu! Füße & Søn", { lower: true, strict: true }), slugify("привет мир", "_")],
  changeCase: () => [changeCase.camelCase("two words"), changeCase.snakeCase("TwoWords9x"), changeCase.kebabCase("fooBAR"), changeCase.capitalCase("a-b")],
  he: () => [he.encode("foo © bar ≠ 𝌆 <>&'\""), he.decode("&lt;&copy;&#x1D306;&notit;&amp"), he.encode("é", { useNamedReferences: true }), he.escape("<'>")],
};
