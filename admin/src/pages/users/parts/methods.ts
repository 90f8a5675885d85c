// How an account was created, or a session began, in words. The name of an identity provider is its own word.

const METHODS: Readonly<Record<string, string>> = {
  password: "Password",
  otp: "One-time code",
  magic_link: "Magic link",
  admin: "An admin",
};

export function methodInWords(provider: string): string {
  return METHODS[provider] ?? provider;
}
