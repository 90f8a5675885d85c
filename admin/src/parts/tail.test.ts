import { describe, expect, it } from "vitest";
import { MOST_IN_TAIL, withNewer } from "./tail.ts";

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

describe("rows that arrive while somebody watches", () => {
  it("come before the others, and none comes twice", () => {
    expect(withNewer(rows("b", "a"), rows("d", "c", "b"))).toEqual(rows("d", "c", "b", "a"));
  });

  it("leave the list as it is if there are none", () => {
    const list = rows("a");
    expect(withNewer(list, rows("a"))).toBe(list);
  });

  it("are dropped at the end where there are too many", () => {
    const many = Array.from({ length: MOST_IN_TAIL }, (_, at) => ({ id: String(at) }));
    const list = withNewer(many, rows("new"));
    expect(list).toHaveLength(MOST_IN_TAIL);
    expect(list[0]).toEqual({ id: "new" });
  });
});
