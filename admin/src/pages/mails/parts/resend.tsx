// Sending a mail that was kept once more. Of those that were sent or failed, nothing is kept that could be sent.
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type MailDetail, resendMail } from "../../../api/queries/mails.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say } from "../../../parts/toast.tsx";

const WHY_NOT: Partial<Record<MailDetail["state"], string>> = {
  waiting: "It is tried by itself until it is sent",
  sent: "Its content is deleted, because links and codes in it are for the recipient alone",
  failed: "Its content is deleted, because links and codes in it are for the recipient alone",
};

export function Resend({ mail }: { mail: MailDetail }) {
  const place = usePlace();
  const environment = useEnvironment();
  const navigate = useNavigate();
  const whyNot = useRights().why("data:write") ?? WHY_NOT[mail.state];
  const [isOpen, setOpen] = useState(false);
  const send = async () => {
    const made = await resendMail(place, mail.id);
    say(`The mail to ${mail.to} is on its way.`);
    await navigate({ to: "/p/$project/$environment/mails/$mail", params: { ...place, mail: made } });
  };
  return (
    <>
      <Button small icon="refresh" whyNot={whyNot} onPress={() => setOpen(true)}>
        Resend…
      </Button>
      <ConfirmDialog
        title={`Send this mail to ${mail.to} again?`}
        consequence={
          <p>
            The same content is sent as a new mail, by the mail settings as they are now. Links and codes in it may be
            used or expired.
          </p>
        }
        action="Send it again"
        kind="primary"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={send}
        environment={environment}
      />
    </>
  );
}
