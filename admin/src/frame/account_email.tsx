// The field for the address that somebody signs in with.
import { TextField } from "../parts/field.tsx";

type Props = { value: string; onChange: (value: string) => void; autoFocus?: boolean };

export function AccountEmail({ value, onChange, autoFocus = true }: Props) {
  return (
    <TextField
      name="email"
      label="Email address"
      type="email"
      autoComplete="username"
      value={value}
      onChange={onChange}
      isRequired
      autoFocus={autoFocus}
    />
  );
}
