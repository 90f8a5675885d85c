// How language services begin their workers. Takes the place of Monaco's own file (`vite.config.ts`), which imports every feature of
// the editor beside it. The message that comes first is the one that Monaco's workers wait for.
import { editor } from "monaco-editor/editor";

type Options = { label?: string; createData?: unknown } & Omit<Parameters<typeof editor.createWebWorker>[0], "worker">;

export function createWebWorker<T extends object>({ label = "", createData, ...rest }: Options) {
  const begun = Promise.resolve(self.MonacoEnvironment?.getWorker?.("workerMain.js", label)).then((worker) => {
    if (!worker) throw new Error(`No worker for ${label}`);
    worker.postMessage("ignore");
    worker.postMessage(createData);
    return worker;
  });
  return editor.createWebWorker<T>({ ...rest, worker: begun });
}
