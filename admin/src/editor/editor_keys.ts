// The keys of the editor as they are written, for the line under it and the list of shortcuts. Knows no Monaco.

export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

export const EDITOR_KEYS = {
  /** Makes Tab leave the editor, and indent again. */
  tabLeaves: IS_MAC ? "Control+Shift+m" : "Control+m",
} as const;
