import { z } from "zod";

const signup = z.object({
  email: z.email().toLowerCase(),
  age: z.number().int().min(18).optional(),
  tags: z.array(z.enum(["a", "b"])).default([]),
  site: z.url().nullish(),
  id: z.union([z.string(), z.number()]).transform(String),
}).strict();

export const cases = {
  valid: () => signup.parse({ email: "Jane@Example.COM", age: 20, id: 5 }),
  issues: () => signup.safeParse({ email: "x", age: 3.5, tags: ["c"], site: "no", extra: 1 }).error.issues,
  pretty: () => z.prettifyError(signup.safeParse({}).error),
  thrown: () => signup.parse(5),
  refine: () => z.string().refine((text) => text !== "admin", "taken").safeParse("admin").error.issues,
  refineAsync: async () => (await z.string().refine(async () => false, { error: "late" }).safeParseAsync("x")).error.issues,
  union: () => z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), a: z.string() }), z.object({ kind: z.literal("b") })]).safeParse({ kind: "a" }).error.issues,
  formats: () => [z.uuid(), z.ipv4(), z.iso.datetime(), z.jwt(), z.base64()].map((format) => format.safeParse("2026-01-01T00:00:00Z").success),
  coerce: () => [z.coerce.number().parse("4"), z.coerce.date().parse("2026-01-01"), z.coerce.boolean().parse("x")],
  jsonSchema: () => z.toJSONSchema(z.object({ a: z.string().min(2), b: z.number().optional() })),
};
