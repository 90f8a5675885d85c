// The code at the end of a link, for whoever has the code and not the link. Browsers send what is behind the `#` to nobody.
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { TextField } from "../parts/field.tsx";

export interface LinkCode {
  /** As the link has it, or as it is typed. */
  code: string;
  setCode: (code: string) => void;
  /** Whether the page was opened with the link. */
  isFromLink: boolean;
}

export function useLinkCode(): LinkCode {
  const { hash } = useLocation();
  const [code, setCode] = useState(hash);
  return { code, setCode, isFromLink: Boolean(hash) };
}

/** The field for the code; nothing if the link had it. */
export function LinkCodeField({ link, label, hint }: { link: LinkCode; label: string; hint: string }) {
  if (link.isFromLink) return null;
  return (
    <TextField
      name="token"
      label={label}
      hint={hint}
      value={link.code}
      onChange={link.setCode}
      mono
      isRequired
      autoFocus
      autoComplete="off"
    />
  );
}
