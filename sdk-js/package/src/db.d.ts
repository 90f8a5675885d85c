// `Aerocall.db`: the project's own tables. Mirrors wit/db.wit.

/** A parameter of a statement. Objects and arrays are bound as JSON, dates as timestamps, bytes as blobs. */
export type SqlParameter = string | number | bigint | boolean | null | undefined | Date | ArrayBuffer | ArrayBufferView | object;

/** A value of a column. Integers past 2^53 are `bigint`, JSON columns are parsed, timestamps are ISO 8601 text. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | object;

/** A row by column names. */
export type Row = { [column: string]: SqlValue };

/** Statements inside and outside of a transaction. */
export interface Statements {
  query<R = Row>(sql: string, params?: readonly SqlParameter[]): Promise<R[]>;
  execute(sql: string, params?: readonly SqlParameter[]): Promise<{ rowsAffected: number }>;
}

/** The project's own tables in its own database. */
export interface Db extends Statements {
  /** Commits when `work` is done, rolls back when it throws. */
  transaction<Result>(work: (tx: Statements) => Promise<Result>): Promise<Result>;
}
