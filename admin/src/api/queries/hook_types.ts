// The types that a hook is written against.
import { queryOptions } from "@tanstack/react-query";
import type { HookId } from "./drafts.ts";

export type HookTypes = {
  etag: string;
  compilerOptions: Record<string, unknown>;
  files: { path: string; text: string }[];
};

/** Declarations of the SDK, by path. */
export const typesOf = (id: HookId) =>
  queryOptions({
    queryKey: [id.project, "hooks", id.hook, "types"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<HookTypes> => {
      const loaders = import.meta.glob("../../../../sdk-js/package/src/*.d.ts", { query: "?raw", import: "default" });
      const files = await Promise.all(
        Object.entries(loaders).map(async ([path, load]) => ({
          path: `node_modules/@aerocall/hooks/src/${path.split("/").pop()}`,
          text: (await load()) as string,
        })),
      );
      return { etag: "bundled", compilerOptions: {}, files };
    },
  });
