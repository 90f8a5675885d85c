// What stands in for Intl: comparing, numbers and dates the way en-US writes them, whatever locale is asked for.
(function (host, internals) {
  /** The root collation's order of ASCII: punctuation, symbols, digits; letters come after. */
  const ORDER = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

  function weight(character) {
    const at = ORDER.indexOf(character);
    return at >= 0 ? at : 1000 + character.codePointAt(0);
  }

  function byWeight(a, b, numeric) {
    let [i, j] = [0, 0];
    while (i < a.length && j < b.length) {
      const [x, y] = numeric ? [/^\d+/.exec(a.slice(i)), /^\d+/.exec(b.slice(j))] : [null, null];
      if (x !== null && y !== null) {
        const difference = Number(x[0]) - Number(y[0]);
        if (difference !== 0) return Math.sign(difference);
        i += x[0].length;
        j += y[0].length;
        continue;
      }
      const difference = weight(a[i++]) - weight(b[j++]);
      if (difference !== 0) return Math.sign(difference);
    }
    return Math.sign(a.length - i - (b.length - j));
  }

  const simple = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const letters = (text) => text.normalize("NFD").replace(/\p{M}/gu, "");

  /** Letters first, then accents, then case with small letters before capitals. */
  function localeCompare(that, locales = undefined, options = undefined) {
    const [a, b] = [`${this}`, `${that}`];
    if (a === b) return 0;
    const sensitivity = options?.sensitivity ?? "variant";
    const [plainA, plainB] = [letters(a), letters(b)];
    const base = byWeight(plainA.toLowerCase(), plainB.toLowerCase(), Boolean(options?.numeric));
    if (base !== 0 || sensitivity === "base") return base;
    const accents = sensitivity === "case" ? 0 : simple(a.normalize("NFD").toLowerCase(), b.normalize("NFD").toLowerCase());
    if (accents !== 0 || sensitivity === "accent") return accents;
    return -simple(plainA, plainB);
  }

  function grouped(value, options) {
    const number = Number(value);
    if (Object.is(number, -0)) return "-0";
    if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number < 0 ? "-∞" : "∞";
    const least = options?.minimumFractionDigits ?? 0;
    const most = options?.maximumFractionDigits ?? Math.max(3, least);
    const text = typeof value === "bigint" || Math.abs(number) >= 1e21 ? BigInt(value).toString() : number.toFixed(most);
    const [whole, fraction = ""] = text.split(".");
    const kept = fraction.replace(/0+$/, "").padEnd(least, "0");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (kept === "" ? "" : `.${kept}`);
  }

  const two = (number) => String(number).padStart(2, "0");
  /** Years before the first count down, without the letters of their era. */
  const year = (date) => (date.getUTCFullYear() > 0 ? date.getUTCFullYear() : 1 - date.getUTCFullYear());
  const day = (date) => `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${year(date)}`;
  const clock = (date) => {
    const hours = date.getUTCHours();
    return `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? "AM" : "PM"}`;
  };
  const shown = (date, text) => (Number.isNaN(date.getTime()) ? "Invalid Date" : text(date));

  const replace = (type, methods) => {
    for (const [name, value] of Object.entries(methods)) {
      Object.defineProperty(type.prototype, name, { value, writable: true, configurable: true, enumerable: false });
    }
  };
  replace(String, { localeCompare });
  replace(Number, { toLocaleString(locales, options) { return grouped(Number.prototype.valueOf.call(this), options); } });
  replace(BigInt, { toLocaleString(locales, options) { return grouped(BigInt.prototype.valueOf.call(this), options); } });
  replace(Date, {
    toLocaleString() { return shown(this, (date) => `${day(date)}, ${clock(date)}`); },
    toLocaleDateString() { return shown(this, day); },
    toLocaleTimeString() { return shown(this, clock); },
  });
})
