import Joi from "joi";

const user = Joi.object({
  email: Joi.string().email({ tlds: false }).lowercase().required(),
  age: Joi.number().integer().min(18),
  password: Joi.string().pattern(/^[a-z0-9]{3,30}$/),
  repeat: Joi.ref("password"),
  at: Joi.date().iso(),
}).with("password", "repeat");

export const cases = {
  valid: () => user.validate({ email: "A@B.co", age: "20", at: "2026-01-01T00:00:00Z" }),
  errors: () => user.validate({ email: "x", age: 3, password: "!" }, { abortEarly: false }).error.details,
  thrown: () => Joi.attempt({}, user),
  alternatives: () => Joi.alternatives(Joi.number(), Joi.string().uuid()).validate("x").error.message,
  describe: () => Joi.string().min(3).describe(),
};
