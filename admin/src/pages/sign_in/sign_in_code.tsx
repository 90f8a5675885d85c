export function SignInCode() {
  return null;
}
