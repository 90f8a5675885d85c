// What survives a trip through JSON.

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object. Members that are `undefined` are left out when it is written. */
export type JsonObject = { [key: string]: Json | undefined };

/** JSON as it goes in, where interfaces and read-only data are welcome too; what JSON cannot hold is refused at run time. */
export type JsonInput = string | number | boolean | null | readonly unknown[] | object;
