// A name with dots, such as that of an event: where a line is too short for it, it goes on behind a dot.
import { Fragment } from "react";

export function Dotted({ children }: { children: string }) {
  return children.split(/(?<=\.)/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name never move
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
