// Data and streams: immer, rxjs, fp-ts.
import * as Either from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as Option from "fp-ts/lib/Option.js";
import { enableMapSet, enablePatches, produce, produceWithPatches } from "immer";
import { catchError, concatMap, delay, firstValueFrom, from, interval, map, of, take, throwError, timeout, toArray } from "rxjs";

enableMapSet();
enablePatches();

export const cases = {
  immer: () => { const base = { a: { b: [1, 2] }, c: {} }; const next = produce(base, (draft) => { draft.a.b.push(3); }); return [base, next, next.c === base.c, Object.isFrozen(next)]; },
  immerPatches: () => produceWithPatches({ m: new Map([["x", 1]]), l: [1, 2] }, (draft) => { draft.m.set("y", 2); draft.l.shift(); }),
  immerFrozen: () => { produce({ a: [1] }, () => {}).a.push(2); return produce({ a: [1] }, (draft) => { draft.a[0] = 2; }).a.push(3); },
  rxjs: () => firstValueFrom(from([1, 2, 3]).pipe(concatMap((n) => of(n * 2).pipe(delay(1))), toArray())),
  rxjsTimers: () => firstValueFrom(interval(2).pipe(take(3), map((n) => n + 1), toArray())),
  rxjsErrors: async () => [await firstValueFrom(throwError(() => new Error("x")).pipe(catchError((error) => of(error.message)))), await firstValueFrom(of(1).pipe(delay(50), timeout(5))).catch((error) => error.name)],
  fpTs: () => [pipe(Option.fromNullable(5), Option.map((n) => n + 1)), pipe(Either.left("no"), Either.getOrElse(() => "yes"))],
};
