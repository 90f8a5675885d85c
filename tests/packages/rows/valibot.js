import * as v from "valibot";

const user = v.object({ email: v.pipe(v.string(), v.trim(), v.email()), age: v.optional(v.pipe(v.number(), v.minValue(18))) });

export const cases = {
  valid: () => v.parse(user, { email: " a@b.co " }),
  issues: () => v.flatten(v.safeParse(user, { email: "x", age: 3 }).issues),
  thrown: () => v.parse(user, {}),
  variant: () => v.safeParse(v.variant("t", [v.object({ t: v.literal("x") })]), { t: "y" }).issues[0].message,
};
