// The context keys that package.json's `when` clauses read, and the one place that sets them.

import { commands } from 'vscode';

const CONTEXT_KEYS = {
  /** A name is chosen; the Peers view shows people. */
  signedUp: 'hamta.signedUp',
  /** The engine could not be started; the Peers view says so. */
  engineUnavailable: 'hamta.engineUnavailable',
  /** This window runs a registry server. */
  registryRunning: 'hamta.registryRunning',
} as const;

type ContextKey = keyof typeof CONTEXT_KEYS;

const known = new Map<ContextKey, boolean>();

/** Costs nothing when the value is what it was. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void commands.executeCommand('setContext', CONTEXT_KEYS[key], value);
}
