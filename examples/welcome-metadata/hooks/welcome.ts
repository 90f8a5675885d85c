import type { AfterSignup } from "@aerocall/hooks";

const greetings: { [language: string]: string } = { de: "Willkommen", en: "Welcome", fr: "Bienvenue" };

/** Greets new users in their language and numbers them by day, for the first page that they see. */
export const afterSignup: AfterSignup = async (context, { user }, Aerocall) => {
  const day = context.time.slice(0, 10);
  const number = await Aerocall.cache.increment(`signups:${day}`, 1, { ttl: 172_800 });
  const language = context.request.locale.split("-")[0] ?? "en";
  const name = user.name ?? user.email.slice(0, user.email.indexOf("@"));
  Aerocall.log.info(`sign-up ${number} of ${day}`);
  return { patch: { user: { publicMetadata: { welcome: `${greetings[language] ?? greetings["en"]}, ${name}!`, number } } } };
};
