// Identifiers: those made from names are compared, random ones are looked at.
import { customAlphabet, nanoid } from "nanoid";
import { NIL, parse, stringify, v1, v3, v4, v5, v7, validate, version } from "uuid";

const shape = (make) => { const all = new Set(Array.from({ length: 50 }, make)); return [all.size, [...all].every((id) => validate(id)), version([...all][0])]; };

export const cases = {
  named: () => [v3("hello", v5.DNS), v5("hello", v5.URL), NIL],
  random: () => [v1, v4, v7].map((make) => shape(() => make())),
  seeded: () => [v4({ random: Uint8Array.from({ length: 16 }, (_, at) => at) }), v7({ msecs: 0, random: new Uint8Array(16), seq: 1 })],
  bytes: () => [parse("5e9d4f3a-7d1c-4b3e-9a51-0c6b9a3d2f10"), stringify(new Uint8Array(16)), validate("x")],
  bad: () => parse("nonsense"),
  nanoid: () => [nanoid().length, nanoid(5).length, /^[\w-]+$/.test(nanoid()), new Set([nanoid(), nanoid()]).size, /^[ab]{8}$/.test(customAlphabet("ab", 8)())],
};
