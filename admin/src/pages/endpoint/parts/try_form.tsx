// The request that is tried: mode, path, body, headers, which versions of hooks run, and what other hosts answer.
import { Button } from "../../../parts/button.tsx";
import { SelectField, TextArea, TextField } from "../../../parts/field.tsx";
import { Form, FormActions } from "../../../parts/form.tsx";
import { useRights } from "../../../parts/rights.ts";
import styles from "./try_form.module.css";
import type { Problems, TriedHook, TryMode, Typed } from "./try_request.ts";

const MODES = [
  {
    value: "dry-run",
    title: "Dry-run: on copies, changes nothing",
    hint: "Database and cache are copies; mails and jobs are not sent; requests to other hosts get the responses given below.",
  },
  {
    value: "live",
    title: "Live test: in the environment itself",
    hint: "Everything is real. For users of tests only.",
  },
];

type Props = {
  method: string;
  typed: Typed;
  problems: Problems;
  hooks: readonly TriedHook[];
  isRunning: boolean;
  onChange: (part: Partial<Typed>) => void;
  onRun: () => void;
};

export function TryForm({ method, typed, problems, hooks, isRunning, onChange, onRun }: Props) {
  const rights = useRights();
  const mayNot = rights.why("hooks:deploy") ?? (typed.mode === "live" ? rights.why("data:write") : undefined);
  return (
    <Form onSubmit={onRun} label="Request">
      <SelectField
        name="mode"
        label="How"
        options={MODES}
        value={typed.mode}
        onChange={(mode) => onChange({ mode: mode as TryMode })}
      />
      <TextField
        name="path"
        label={`${method}, path and query`}
        mono
        value={typed.path}
        problem={problems.path}
        onChange={(path) => onChange({ path })}
      />
      {method !== "GET" && (
        <TextArea
          name="body"
          label="Body"
          hint="JSON"
          mono
          rows={Math.min(16, typed.body.split("\n").length + 1)}
          value={typed.body}
          problem={problems.body}
          onChange={(body) => onChange({ body })}
        />
      )}
      {hooks.map((hook) => (
        <VersionField key={hook.name} of={hook} typed={typed} onChange={onChange} />
      ))}
      <details className={styles.more}>
        <summary>Headers and responses of other hosts</summary>
        <div className={styles.fields}>
          <TextArea
            name="headers"
            label="Headers"
            hint="One per line. A signed-in user needs authorization: Bearer with an access token; the project's key is not needed."
            mono
            rows={3}
            placeholder="user-agent: Mozilla/5.0"
            value={typed.headers}
            problem={problems.headers}
            onChange={(headers) => onChange({ headers })}
          />
          {typed.mode === "dry-run" && (
            <TextArea
              name="http"
              label="Responses of other hosts"
              hint="A list, each for one request of a hook, as given.http of a test case. Other requests are refused."
              mono
              rows={4}
              placeholder={HTTP}
              value={typed.http}
              problem={problems.http}
              onChange={(http) => onChange({ http })}
            />
          )}
        </div>
      </details>
      <FormActions>
        <Button
          kind="primary"
          type="submit"
          icon="play"
          isPending={isRunning}
          whyNot={mayNot ?? Object.values(problems)[0]}
        >
          {typed.mode === "live" ? "Run the live test…" : "Run the dry-run"}
        </Button>
      </FormActions>
    </Form>
  );
}

const HTTP = `[{ "request": { "method": "GET", "url": "https://api.example.com/x" },
   "response": { "status": 200, "body": { "score": 1 } } }]`;

type VersionProps = { of: TriedHook; typed: Typed; onChange: (part: Partial<Typed>) => void };

function VersionField({ of, typed, onChange }: VersionProps) {
  const { [of.name]: chosen, ...others } = typed.use;
  const options = [
    { value: "live", title: `Live, version ${of.live}` },
    ...(typeof chosen === "number" && chosen > of.live ? [{ value: String(chosen), title: `Version ${chosen}` }] : []),
    ...(of.hasDraft ? [{ value: "draft", title: "The draft, as it is saved" }] : []),
    ...Array.from({ length: of.live - 1 }, (_, at) => of.live - 1 - at)
      .slice(0, 20)
      .map((number) => ({ value: String(number), title: `Version ${number}` })),
  ];
  if (options.length < 2) return null;
  const change = (value: string) => {
    if (value === "live") return onChange({ use: others });
    onChange({ use: { ...others, [of.name]: value === "draft" ? "draft" : Number(value) } });
  };
  return (
    <SelectField
      name={`use.${of.name}`}
      label={`Version of ${of.name}`}
      options={options}
      value={chosen === undefined ? "live" : String(chosen)}
      onChange={change}
    />
  );
}
