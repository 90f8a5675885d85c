import * as yup from "yup";

const user = yup.object({ email: yup.string().email().required(), age: yup.number().positive().integer(), at: yup.date() });

export const cases = {
  valid: () => user.validate({ email: "a@b.co", age: "5", at: "2026-01-01" }),
  errors: () => user.validate({ email: "x", age: -1.5 }, { abortEarly: false }).catch((error) => error.errors),
  thrown: () => user.validateSync({}),
  cast: () => user.cast({ email: "a", age: "7" }),
  when: () => yup.object({ a: yup.boolean(), b: yup.string().when("a", { is: true, then: (schema) => schema.required() }) }).isValid({ a: true }),
};
