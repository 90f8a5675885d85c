import Ajv from "ajv";
import addFormats from "ajv-formats";

const ajv = addFormats(new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true }));
const validate = ajv.compile({
  type: "object",
  required: ["email"],
  additionalProperties: false,
  properties: { email: { type: "string", format: "email" }, age: { type: "integer", minimum: 18 }, role: { default: "user" } },
});

export const cases = {
  valid: () => { const data = { email: "a@b.co", age: "20" }; return [validate(data), data]; },
  errors: () => { validate({ email: "x", age: 3, more: 1 }); return [validate.errors, ajv.errorsText(validate.errors)]; },
  formats: () => ["uuid", "ipv4", "ipv6", "date-time", "uri", "hostname"].map((format) => ajv.validate({ type: "string", format }, "127.0.0.1")),
  atRuntime: () => ajv.compile({ anyOf: [{ const: 1 }, { pattern: "^a", type: "string" }] })("ab"),
  badSchema: () => ajv.compile({ type: "nothing" }),
};
