// Where the cursor of the editor is: it moves with every key, and only what shows its place is drawn again.
import type { Place } from "../../../../editor/code_editor.tsx";

export class Cursor {
  private place: Place = { line: 1, column: 1 };
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Place => this.place;

  readonly moveTo = (place: Place): void => {
    this.place = place;
    for (const listener of this.listeners) listener();
  };
}
