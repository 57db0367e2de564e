// Letters that are pressed with Ctrl or Cmd.

/** Of a KeyboardEvent. */
export interface PressedKey {
  readonly key: string;
  readonly code: string;
}

export interface PressedShortcut extends PressedKey {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** As people know the keys of `isFind`. */
export function findKeys(isMac: boolean): string {
  return isMac ? 'Cmd+F' : 'Ctrl+F';
}

/** Ctrl+F, on macOS Cmd+F: there Ctrl+F moves the cursor, in every field. */
export function isFind(pressed: PressedShortcut, isMac: boolean): boolean {
  const { ctrlKey, metaKey, shiftKey, altKey } = pressed;
  return letterOf(pressed) === 'f' && (isMac ? metaKey : ctrlKey) && !shiftKey && !altKey;
}

/** The Latin letter that is meant, small. A Persian layout has its own letters on the keys, and means those of a US keyboard beside them. */
export function letterOf({ key, code }: PressedKey): string {
  return (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, '')).toLowerCase();
}
