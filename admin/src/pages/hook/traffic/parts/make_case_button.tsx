// Makes a recorded invocation a test case of the hook.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { invocation as invocationOf } from "../../../../api/queries/invocations.ts";
import { Button } from "../../../../parts/button.tsx";
import { useRights } from "../../../../parts/rights.ts";
import { MakeCase } from "../../../invocations/parts/make_case.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";

export function MakeCaseButton({ invocation, small }: { invocation: string; small?: boolean }) {
  const { place } = useHookPage();
  const [isOpen, setOpen] = useState(false);
  const missing = useRights().why("hooks:deploy");
  const detail = useQuery({ ...invocationOf(place, invocation), enabled: isOpen });
  return (
    <>
      <Button
        onPress={() => setOpen(true)}
        whyNot={missing}
        small={small ?? false}
        kind={small ? "quiet" : "plain"}
        isPending={isOpen && detail.isPending}
      >
        Make it a test
      </Button>
      {isOpen && detail.data && <MakeCase of={detail.data} onClose={() => setOpen(false)} />}
    </>
  );
}
