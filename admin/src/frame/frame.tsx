// What is around every page once somebody is signed in: rail, bar, and what opens over the page. A production environment has an
// edge and its name in the colour of denials.
import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { currentAdmin } from "../api/queries/session.ts";
import { isProduction } from "../parts/place.ts";
import { useShortcut } from "../parts/shortcuts.ts";
import { say, Toasts } from "../parts/toast.tsx";
import { Bar } from "./bar.tsx";
import styles from "./frame.module.css";
import { GoShortcuts } from "./go_shortcuts.tsx";
import { ProofDialog } from "./proof_dialog.tsx";
import { Rail } from "./rail.tsx";
import { ShortcutList } from "./shortcut_list.tsx";
import { wasUpdated } from "./update.ts";

const loadPalette = () => import("./palette.tsx").then((module) => ({ default: module.Palette }));
const Palette = lazy(loadPalette);
/** What is typed right after its shortcut would be lost while it is loaded: it is loaded once the first page is there. */
const PALETTE_AFTER_MS = 3_000;

type Over = "palette" | "shortcuts" | "rail" | null;

export function Frame() {
  const { environment } = useParams({ strict: false });
  const { data: admin } = useQuery(currentAdmin);
  const { pathname } = useLocation();
  const [over, setOver] = useState<Over>(null);
  useShortcut("mod+k", "Search and commands", () => setOver("palette"), { group: "Everywhere" });
  useShortcut("?", "Keyboard shortcuts", () => setOver("shortcuts"), { group: "Everywhere" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes what was over the old one
  useEffect(() => setOver(null), [pathname]);
  useEffect(() => {
    if (wasUpdated()) say("The admin was updated, so this page was loaded again.");
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const close = () => setOver(null);
  return (
    <div className={styles.frame} data-production={(environment && isProduction(environment)) || undefined}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <Bar onMenu={() => setOver("rail")} onSearch={() => setOver("palette")} onHelp={() => setOver("shortcuts")} />
      <div className={styles.side}>
        <Rail />
      </div>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
      <GoShortcuts isAdministrator={admin?.account?.isAdministrator ?? false} />
      <ModalOverlay
        className={styles.sheetVeil ?? ""}
        isOpen={over === "rail"}
        onOpenChange={(open) => !open && close()}
        isDismissable
      >
        <Modal className={styles.sheet ?? ""}>
          <Dialog className={styles.sheetBody ?? ""} aria-label="Pages">
            <Rail isSheet />
          </Dialog>
        </Modal>
      </ModalOverlay>
      {over === "palette" && (
        <Suspense>
          <Palette onClose={close} />
        </Suspense>
      )}
      <ShortcutList isOpen={over === "shortcuts"} onClose={close} />
      <ProofDialog />
      <Toasts />
    </div>
  );
}
