// The values behind `@aerocall/hooks`. The compiler takes this very file as the module of that name; the classes are the
// engine's own, so that `instanceof` holds for what the SDK throws.
const { Deny, AerocallError } = globalThis.Aerocall ?? {};
const defineConfig = (config) => config;
export { Deny, AerocallError, defineConfig };
