// The columns of a list of jobs, and their states.
import type { JobState, JobSummary } from "../../../api/queries/queues.ts";
import { Num, Time } from "../../../parts/figures.tsx";
import { Status } from "../../../parts/outcome.tsx";
import type { Column } from "../../../parts/table.tsx";
import { Countdown } from "../../deliveries/parts/countdown.tsx";
import styles from "./job.module.css";

export const JOB_STATES: readonly { value: JobState; title: string }[] = [
  { value: "waiting", title: "Waiting" },
  { value: "running", title: "Running" },
  { value: "done", title: "Done" },
  { value: "dead", title: "Dead" },
];

export const JOB_COLUMNS: Column<JobSummary>[] = [
  {
    key: "id",
    title: "Job",
    width: "300px",
    phone: "main",
    cell: (job) => <span className={styles.code}>{job.id}</span>,
  },
  { key: "state", title: "State", width: "110px", phone: "side", cell: (job) => <Status of={job.state} /> },
  {
    key: "attempts",
    title: "Attempts",
    width: "80px",
    align: "end",
    phone: "hidden",
    cell: (job) => <Num n={job.attempts} />,
  },
  {
    key: "due",
    title: "Next",
    width: "130px",
    phone: "second",
    cell: (job) => job.state === "waiting" && <Countdown to={job.runAt} />,
  },
  {
    key: "error",
    title: "Last error",
    phone: "second",
    cell: (job) => <span title={job.error ?? undefined}>{job.error}</span>,
  },
  { key: "at", title: "Created", width: "120px", phone: "second", cell: (job) => <Time at={job.createdAt} /> },
];
