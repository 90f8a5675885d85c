// Problems as marks in the text. Those of the server's compiler have the owner "aerocall", apart from TypeScript's own; what both
// say is marked once.
import type { Models } from "./models.ts";
import { monaco } from "./monaco.ts";
import { type Problem, withoutDoubles } from "./problems.ts";

const OURS = "aerocall";
const TYPESCRIPT = ["typescript", "javascript"];

export class Markers {
  private ours: readonly Problem[] = [];
  private readonly listener: monaco.IDisposable;

  /** `onChange` is called with what TypeScript says besides, each time it has looked. */
  constructor(
    private readonly models: Models,
    private readonly onChange: (typescript: Problem[]) => void,
  ) {
    this.listener = monaco.editor.onDidChangeMarkers((uris) => {
      if (uris.some((uri) => this.models.pathOf(uri) !== undefined)) this.refresh();
    });
    this.refresh();
  }

  /** Shows what the compiler said of the last revision; what it said before is gone. */
  show(problems: readonly Problem[]): void {
    this.ours = problems;
    for (const path of this.models.paths()) {
      const model = this.models.get(path);
      const ofFile = problems.filter((problem) => problem.file === path);
      if (model) monaco.editor.setModelMarkers(model, OURS, ofFile.map(markerOf));
    }
    this.refresh();
  }

  dispose(): void {
    this.listener.dispose();
    for (const path of this.models.paths()) {
      const model = this.models.get(path);
      if (model) monaco.editor.setModelMarkers(model, OURS, []);
    }
  }

  private refresh(): void {
    const found: Problem[] = [];
    for (const path of this.models.paths()) {
      const model = this.models.get(path);
      if (!model) continue;
      for (const owner of TYPESCRIPT) found.push(...this.withoutDoublesOf(model, owner, path));
    }
    this.onChange(found);
  }

  /** TypeScript's marks of one file; those that say what the compiler says are taken away. */
  private withoutDoublesOf(model: monaco.editor.ITextModel, owner: string, path: string): Problem[] {
    const markers = monaco.editor.getModelMarkers({ owner, resource: model.uri });
    const visible = markers.filter((marker) => marker.severity >= monaco.MarkerSeverity.Warning);
    const problems = visible.map((marker) => problemOf(marker, path));
    const kept = new Set(withoutDoubles(this.ours, problems));
    if (kept.size < problems.length) {
      const isDouble = (marker: monaco.editor.IMarker) => {
        const at = visible.indexOf(marker);
        const problem = problems[at];
        return problem !== undefined && !kept.has(problem);
      };
      monaco.editor.setModelMarkers(
        model,
        owner,
        markers.filter((marker) => !isDouble(marker)),
      );
    }
    return [...kept];
  }
}

function markerOf(problem: Problem): monaco.editor.IMarkerData {
  return {
    severity: problem.severity === "error" ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message: problem.hint ? `${problem.message}\n${problem.hint}` : problem.message,
    source: OURS,
    code: problem.code,
    startLineNumber: problem.line,
    startColumn: problem.column,
    endLineNumber: problem.endLine,
    endColumn: Math.max(problem.endColumn, problem.endLine === problem.line ? problem.column + 1 : 1),
  };
}

function problemOf(marker: monaco.editor.IMarker, path: string): Problem {
  const code = typeof marker.code === "object" ? marker.code.value : (marker.code ?? "");
  return {
    file: path,
    line: marker.startLineNumber,
    column: marker.startColumn,
    endLine: marker.endLineNumber,
    endColumn: marker.endColumn,
    severity: marker.severity === monaco.MarkerSeverity.Error ? "error" : "warning",
    code,
    message: marker.message,
    hint: null,
    source: "typescript",
  };
}
