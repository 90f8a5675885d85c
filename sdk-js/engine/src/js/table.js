// console.table: the box that Node draws.
(function (host, internals) {
  const ROWS = 200;
  const cell = (value) => internals.inspect(value, { depth: typeof value === "object" && value !== null && Object.keys(value).length > 2 ? -1 : 0 });

  function draw(columns) {
    const widths = columns.map((column) => Math.max(...column.map((text) => [...text].length)) + 2);
    const line = (left, middle, right) => left + widths.map((width) => "─".repeat(width)).join(middle) + right;
    const padded = (text, width) => ` ${text}${" ".repeat(width - 1 - [...text].length)}`;
    const row = (i) => `│${columns.map((column, c) => padded(column[i] ?? "", widths[c])).join("│")}│`;
    const rows = columns[0].map((_, i) => row(i));
    return [line("┌", "┬", "┐"), rows[0], line("├", "┼", "┤"), ...rows.slice(1), line("└", "┴", "┘")].join("\n");
  }

  const isObject = (value) => (typeof value === "object" || typeof value === "function") && value !== null;

  /** Draws rows of `[index, value]`: a column for each key, and one for the values that are no objects. */
  function tableOf(indexName, rows, chosen, middle = []) {
    const keys = [];
    let bare = false;
    for (const [, value] of rows) {
      if (!isObject(value)) bare = true;
      else for (const key of chosen ?? Object.keys(value)) if (!keys.includes(key)) keys.push(key);
    }
    const columns = [[indexName, ...rows.map(([index]) => `${index}`)], ...middle];
    for (const key of keys) {
      columns.push([key, ...rows.map(([, value]) => (isObject(value) && Object.hasOwn(value, key) ? cell(value[key]) : ""))]);
    }
    if (bare) columns.push(["Values", ...rows.map(([, value]) => (isObject(value) ? "" : cell(value)))]);
    return draw(columns);
  }

  internals.logTable = (data, chosen, write) => {
    const kind = internals.kindOf(data);
    if (kind === "Map") {
      const entries = [...data].slice(0, ROWS);
      const indexes = entries.map((_, i) => `${i}`);
      return write(draw([["(iteration index)", ...indexes], ["Key", ...entries.map(([key]) => cell(key))],
        ["Values", ...entries.map(([, value]) => cell(value))]]));
    }
    if (kind === "Set") return write(tableOf("(iteration index)", [...data].slice(0, ROWS).map((value, i) => [i, value]), chosen));
    write(tableOf("(index)", Object.keys(data).slice(0, ROWS).map((key) => [key, data[key]]), chosen));
  };
})
