// setTimeout, setInterval, setImmediate, queueMicrotask: order and handles.
// Delays that are compared lie far apart: a machine that is busy wakes Node up late, and in the wrong order.
const order = (schedule, wait = 40) => new Promise((resolve) => { const out = []; schedule((x) => out.push(x)); setTimeout(() => resolve(out), wait); });
export const cases = {
  byDelay: () => order((log) => { setTimeout(log, 150, "c"); setTimeout(log, 60, "b"); setTimeout(log, 0, "a"); }, 250),
  sameDelay: () => order((log) => { for (const x of "abcd") setTimeout(log, 5, x); }),
  microtasksFirst: () => order((log) => { setTimeout(log, 0, "timer"); Promise.resolve().then(() => log("promise")); queueMicrotask(() => log("micro")); log("sync"); }),
  microtasksBetween: () => order((log) => { setTimeout(() => { log(1); Promise.resolve().then(() => log("p")); }, 1); setTimeout(log, 1, 2); }),
  args: () => new Promise((resolve) => setTimeout((...args) => resolve(args), 1, 1, "two", null)),
  interval: () => new Promise((resolve) => { let n = 0; const id = setInterval(() => { if (++n === 3) { clearInterval(id); resolve(n); } }, 1); }),
  clear: () => order((log) => { const id = setTimeout(log, 1, "never"); clearTimeout(id); setTimeout(log, 1, "yes"); }),
  clearInside: () => order((log) => { const a = setTimeout(() => { log("a"); clearTimeout(b); }, 1); const b = setTimeout(log, 5, "b"); return a; }),
  clearByNumber: () => order((log) => { clearTimeout(+setTimeout(log, 1, "never")); clearTimeout(undefined); clearTimeout(null); clearTimeout("x"); clearTimeout({}); }),
  crossClear: () => order((log) => { clearInterval(setTimeout(log, 1, "never")); }),
  nested: () => order((log) => { setTimeout(() => { log(1); setTimeout(() => { log(2); setTimeout(log, 0, 3); }, 0); }, 0); }),
  negative: () => order((log) => { setTimeout(log, -5, "a"); setTimeout(log, NaN, "b"); setTimeout(log, "3", "c"); }),
  handle: () => { const t = setTimeout(() => {}, 1); const seen = [typeof t, typeof +t, t.hasRef(), t.unref() === t, t.hasRef(), t.ref() === t, t.refresh() === t]; clearTimeout(t); return seen; },
  immediate: () => order((log) => { setImmediate(log, "i", 1); setTimeout(log, 10, "t"); }),
  clearImmediate: () => order((log) => { clearImmediate(setImmediate(log, "never")); }),
  notFunction: () => setTimeout("code", 1),
  microtaskNotFunction: () => queueMicrotask("code"),
  refreshLater: () => order((log) => { const t = setTimeout(log, 100, "late"); setTimeout(() => t.refresh(), 50); setTimeout(log, 110, "first"); }, 250),
};
