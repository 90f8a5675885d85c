// Choosing what an invocation is compared with: a newer or older one of the same hook and point, or any by its id.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type InvocationDetail, invocations } from "../../../api/queries/invocations.ts";
import { Button } from "../../../parts/button.tsx";
import { Dialog } from "../../../parts/dialog.tsx";
import { TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { Table } from "../../../parts/table.tsx";
import { COLUMNS } from "./columns.tsx";
import styles from "./compare_dialog.module.css";

const MOST = 50;
const SHOWN = new Set(["at", "outcome", "gist", "duration"]);

type Props = { of: InvocationDetail; onClose: () => void };

export function CompareDialog({ of, onClose }: Props) {
  const place = usePlace();
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const others = useQuery({
    ...invocations(place, { hook: of.hook }, undefined, MOST),
    select: (page) => page.invocations.filter((one) => one.point === of.point && one.id !== of.id),
  });
  const to = "/p/$project/$environment/calls/$invocation" as const;
  const params = { ...place, invocation: of.id };
  return (
    <Dialog title="Compare with another invocation" isOpen onClose={onClose} size="l">
      <Form onSubmit={() => void navigate({ to, params, search: { with: id.trim() } })}>
        <div className={styles.line}>
          <TextField name="with" label="Id of an invocation" mono placeholder="inv_…" value={id} onChange={setId} />
          <Button type="submit" whyNot={id.trim() ? undefined : "Give the id of an invocation"}>
            Compare
          </Button>
        </div>
      </Form>
      <p className={styles.or}>
        Or one of the last of {of.hook} at {of.point}:
      </p>
      <Answer
        query={others}
        what="the invocations"
        skeleton={<Skeleton rows={5} />}
        isEmpty={(list) => list.length === 0}
        empty={<p className={styles.or}>There is no other.</p>}
      >
        {(list) => (
          <Table
            label="Other invocations"
            isCompact
            rows={list}
            rowKey={(one) => one.id}
            columns={COLUMNS.filter((column) => SHOWN.has(column.key))}
            open={(one) => ({ to, params, search: { with: one.id } })}
          />
        )}
      </Answer>
    </Dialog>
  );
}
