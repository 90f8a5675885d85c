// The link of an invitation, shown once, and whether it was mailed.
import type { NewInvitation } from "../../../api/queries/members.ts";
import { ShownOnce } from "../../../parts/shown_once.tsx";

type Props = { made: NewInvitation | null; onClose: () => void };

export function InvitationMade({ made, onClose }: Props) {
  return (
    <ShownOnce title="Invitation created" what="link" value={made?.link ?? null} onClose={onClose}>
      {made && <p>{delivery(made)}</p>}
    </ShownOnce>
  );
}

function delivery({ email, isMailed, mailProblem }: NewInvitation): string {
  if (isMailed) return `It was mailed to ${email}.`;
  if (mailProblem) return `The mail to ${email} was not sent (${mailProblem}): send the link yourself.`;
  return `Send it to ${email} yourself: this server has no mail server of its own.`;
}
