// Signing up and out, giving a name up, and following a change of the registry's address.

import { type Disposable, window } from 'vscode';
import type { Millis } from '../../base/clock.ts';
import { COMMANDS } from '../commands.ts';
import { onDidChangeSetting, saveSetting, setting } from '../editorSettings.ts';
import { inTime } from '../inTime.ts';
import { l10n } from '../l10n.ts';
import { registerCommands } from '../registerCommand.ts';
import { sayBriefly } from '../sayBriefly.ts';
import type { Services } from '../services.ts';
import { askName, NameNotSubmitted } from './askName.ts';
import { releaseName } from './releaseName.ts';

/** A person waits for the box. */
const NAME_MS: Millis = 1_000;

export function registerAccount(services: Services): Disposable[] {
  const { failures } = services;
  return [
    ...registerCommands(failures, {
      [COMMANDS.signUp]: async () => signUp(services, await myName(services)),
      [COMMANDS.signOut]: () => services.engine.request('signOut', null),
      [COMMANDS.releaseName]: () => releaseName(services),
    }),
    onDidChangeSetting(['registryUrl'], () => void followSetting(services).catch((e) => failures.show(e))),
  ];
}

/** Also while signed out, where it is still mine. None where the engine is not there in time to tell. */
async function myName({ engine }: Services): Promise<string> {
  const state = engine.state ?? (await inTime(engine.ready(), NAME_MS).catch(() => undefined));
  return state?.me.name ?? state?.me.keptName ?? '';
}

/** Asks until a name is registered or the person gives up; what was typed is never lost. */
async function signUp(services: Services, typed: string): Promise<void> {
  services.engine.start();
  try {
    await askName(typed, (name, signal) => register(services, name, signal));
  } catch (error) {
    if (!(error instanceof NameNotSubmitted)) throw error;
    // Not awaited: the message may stay for long, and the command is done.
    void offerAgain(services, error);
  }
}

async function offerAgain(services: Services, { typed, cause }: NameNotSubmitted): Promise<void> {
  const remedy = await services.failures.show(cause);
  if (remedy === 'startRegistry' || remedy === 'tryAgain') await signUp(services, typed);
}

async function register({ engine }: Services, name: string, signal: AbortSignal): Promise<void> {
  await engine.request('signUp', { name, registryUrl: setting('registryUrl') }, { signal });
}

/** Set while `joinRegistry` changes the setting and follows the change itself. */
let isJoining = false;

/**
 * Uses the registry at `url` from now on: under my name where I am signed up, else the box asks for one. Throws what `signUp`
 * of the engine does; the address stays changed then, so that another name can be tried.
 */
export async function joinRegistry(services: Services, url: string): Promise<void> {
  const name = services.engine.state?.me.name;
  isJoining = true;
  try {
    await saveSetting('registryUrl', url);
    if (name !== undefined) await moveToRegistry(services, name);
  } finally {
    isJoining = false;
  }
  if (name === undefined) await signUp(services, await myName(services));
}

/** Every window hears of the change; the one in which it was made acts on it. */
async function followSetting(services: Services): Promise<void> {
  const name = services.engine.state?.me.name;
  if (name !== undefined && window.state.focused && !isJoining) await moveToRegistry(services, name);
}

async function moveToRegistry({ engine }: Services, name: string): Promise<void> {
  const registryUrl = setting('registryUrl');
  await engine.request('signUp', { name, registryUrl });
  sayBriefly(l10n.t('Hamta uses the registry {0}', registryUrl));
}
