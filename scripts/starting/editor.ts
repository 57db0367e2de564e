// What every kind of editor that `npm start` opens has in common.
export interface RunningEditor {
  /** "VS Code, desktop" or the address to open. */
  readonly words: string;
  /** What the person does first. */
  readonly firstStep: string;
  /** Resolves when it has ended by itself: a closed window on the desktop, a crash elsewhere. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface EditorWishes {
  /** The folder to open. */
  readonly project: string;
  readonly registryUrl: string;
}

/** Keeps every socket of the extension on loopback. */
export const LOOPBACK = { HAMTA_LISTEN_HOST: '127.0.0.1' };

export function settingsFor({ registryUrl }: EditorWishes): Record<string, unknown> {
  return { 'hamta.registryUrl': registryUrl };
}
