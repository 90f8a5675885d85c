// The backtests of this hook that are kept, to look at again.
import type { Backtest } from "../../../../../../docs/openapi.d.ts";
import { SelectField } from "../../../../parts/field.tsx";
import { ago, number } from "../../../../parts/format.ts";
import styles from "../traffic.module.css";

type Props = { list: readonly Backtest[]; shown: string | undefined; onShow: (id: string) => void };

export function EarlierBacktests({ list, shown, onShow }: Props) {
  if (list.length < 2) return null;
  return (
    <div className={styles.target}>
      <SelectField
        name="backtest"
        label="Shown"
        value={shown ?? null}
        onChange={onShow}
        options={list.map((one) => ({
          value: one.id,
          title: `${ofWords(one)}, ${number(one.total)} calls, ${ago(one.createdAt)}`,
        }))}
      />
    </div>
  );
}

/** What a backtest was of. A draft has no number. */
export function ofWords(backtest: Pick<Backtest, "target">): string {
  return backtest.target.version === 0 ? "Draft" : `Version ${backtest.target.version}`;
}
