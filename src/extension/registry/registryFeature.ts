// The registry's commands, status bar item and output channel.

import { type Disposable, env, type OutputChannel, Uri, window } from 'vscode';
import { COMMANDS } from '../commands.ts';
import { setContextKey } from '../contextKeys.ts';
import { saveSetting, setting } from '../editorSettings.ts';
import { openSetting } from '../failures.ts';
import { copyInvite } from '../invite/copyInvite.ts';
import { l10n } from '../l10n.ts';
import { plainText } from '../plainText.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { settingId } from '../settings.ts';
import { isRegistry, untilHealthy } from './registryHealth.ts';
import { createRegistryItem, showState } from './registryItem.ts';
import { isAboutRedis, leadsTo, ownUrl, type ReadyLine, urlOnThisMachine } from './registryLine.ts';
import { RegistryProcess, type RegistryProcessState } from './registryProcess.ts';

const MAX_REASON = 400;

export function registerRegistry(services: Services): Disposable[] {
  const channel = window.createOutputChannel('Hamta Registry');
  const script = Uri.joinPath(services.extensionUri, 'dist', 'registry-server.js').fsPath;
  const registry = new RegistryProcess(script, (text) => channel.append(text), untilHealthy);
  const item = createRegistryItem();
  return [
    channel,
    registry,
    item,
    registry.onDidChange((state) => {
      setContextKey('registryRunning', state.kind === 'starting' || state.kind === 'running');
      showState(item, state);
    }),
    tellUnwantedEnd(registry, channel),
    ...registerCommands(services.failures, {
      [COMMANDS.startRegistry]: () => start(services, registry, channel),
      [COMMANDS.stopRegistry]: () => registry.stop(),
      [COMMANDS.showRegistryLog]: () => {
        channel.show(true);
        registry.forgetFailure();
      },
      [COMMANDS.copyInvite]: () => copyInvite(services, runningUrl(registry.state)),
    }),
  ];
}

function runningUrl(state: RegistryProcessState): string | undefined {
  return state.kind === 'running' ? state.url : undefined;
}

/** Of a start that fails, whoever asked for it is told; this is for later. */
function tellUnwantedEnd(registry: RegistryProcess, channel: OutputChannel): Disposable {
  let wasRunning = false;
  return registry.onDidChange((state) => {
    if (wasRunning && state.kind === 'failed') {
      const text = l10n.t('The registry server ended by itself. {0}', plainText(state.reason, MAX_REASON));
      void tellFailure(text, channel);
    }
    wasRunning = state.kind === 'running';
  });
}

/** True when a registry runs afterwards. */
async function start(
  services: Services,
  registry: RegistryProcess,
  channel: OutputChannel,
): Promise<boolean> {
  const { state } = registry;
  if (state.kind === 'starting') return false;
  if (state.kind !== 'running' && !(await startAnew(services, registry, channel))) return false;
  if (registry.state.kind === 'running')
    void tellRunning(services, registry.state).catch((error) => services.failures.show(error));
  return true;
}

/** True when one runs afterwards, this or that of another window; else a message is on its way to the person. */
async function startAnew(
  services: Services,
  registry: RegistryProcess,
  channel: OutputChannel,
): Promise<boolean> {
  const chosen = choice(services);
  const outcome = await registry.start(chosen);
  switch (outcome.kind) {
    case 'running':
      return true;
    case 'stopped':
      return false;
    case 'portInUse': {
      const url = urlOnThisMachine(chosen);
      if (!(await isRegistry(url))) return offerAnotherPort(services, registry, channel);
      void tellOther(services, registry, channel, url).catch((error) => services.failures.show(error));
      return true;
    }
    case 'unhealthy': {
      const text = l10n.t(
        'The registry server started, but was not healthy within {0} s, so it was stopped. Is its store away?',
        outcome.seconds,
      );
      void tellFailure(text, channel, chosen.redisUrl !== '');
      return false;
    }
    case 'failed': {
      const text = l10n.t('The registry server did not start. {0}', plainText(outcome.reason, MAX_REASON));
      void tellFailure(text, channel, isAboutRedis(outcome.reason, chosen));
      return false;
    }
  }
}

function choice({ folders }: Services) {
  return {
    port: setting('registry.port'),
    redisUrl: setting('registry.redisUrl').trim(),
    dataFile: folders.registryStore,
    host: process.env.HAMTA_LISTEN_HOST,
  };
}

/** As `startAnew`. */
async function offerAnotherPort(
  services: Services,
  registry: RegistryProcess,
  channel: OutputChannel,
): Promise<boolean> {
  const port = setting('registry.port');
  const another = l10n.t('Choose Another Port');
  const settings = l10n.t('Open Settings');
  const text = l10n.t(
    'The registry server cannot start: port {0} is in use by another program, perhaps by a registry in another window.',
    port,
  );
  const chosen = await window.showErrorMessage(text, another, settings);
  if (chosen === settings) await openSetting(settingId('registry.port'));
  return chosen === another && startAtAnotherPort(services, registry, channel);
}

/** As `startAnew`. */
async function startAtAnotherPort(
  services: Services,
  registry: RegistryProcess,
  channel: OutputChannel,
): Promise<boolean> {
  const typed = await askPort(setting('registry.port'));
  if (typed === undefined) return false;
  await saveSetting('registry.port', typed);
  return startAnew(services, registry, channel);
}

/** Says that there is one, which another window started, or another program. */
async function tellOther(
  services: Services,
  registry: RegistryProcess,
  channel: OutputChannel,
  url: string,
): Promise<void> {
  const text = l10n.t(
    'A registry server runs already on this machine, at {0}. Perhaps another window started it.',
    url,
  );
  const use = l10n.t('Use This Registry');
  const invite = l10n.t('Copy Invite Link');
  const another = l10n.t('Choose Another Port');
  const choices = leadsTo(setting('registryUrl'), url) ? [invite, another] : [use, invite, another];
  const chosen = await window.showInformationMessage(text, ...choices);
  if (chosen === use) await saveSetting('registryUrl', url);
  if (chosen === invite) await copyInvite(services, url);
  if (chosen === another) await startAtAnotherPort(services, registry, channel);
  if (chosen === another && registry.state.kind === 'running') await tellRunning(services, registry.state);
}

async function askPort(taken: number): Promise<number | undefined> {
  const text = await window.showInputBox({
    title: l10n.t('Port of the registry server'),
    value: String(taken < 65_535 ? taken + 1 : taken - 1),
    validateInput: (typed) =>
      isPort(typed) ? undefined : l10n.t('A port is a whole number from 1 to 65535'),
  });
  return text === undefined ? undefined : Number(text);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** Says which store it uses and how others come to it; offers to use it where the settings lead elsewhere. */
async function tellRunning(services: Services, { url, store }: ReadyLine): Promise<void> {
  const text = l10n.t('The registry server runs at {0} (store: {1}).', url, plainText(store));
  const invite = l10n.t('Copy Invite Link');
  const copy = l10n.t('Copy Address');
  const use = l10n.t('Use This Registry');
  const choices = leadsTo(setting('registryUrl'), url) ? [invite, copy] : [use, invite, copy];
  const chosen = await window.showInformationMessage(text, ...choices);
  if (chosen === invite) await copyInvite(services, url);
  if (chosen === copy) await env.clipboard.writeText(url);
  if (chosen === use) await saveSetting('registryUrl', ownUrl(url));
}

async function tellFailure(text: string, channel: OutputChannel, mayBeRedis = false): Promise<void> {
  const showLog = l10n.t('Show Log');
  const settings = l10n.t('Open Settings');
  const choices = mayBeRedis ? [settings, showLog] : [showLog];
  const chosen = await window.showErrorMessage(text, ...choices);
  if (chosen === showLog) channel.show(true);
  if (chosen === settings) await openSetting(settingId('registry.redisUrl'));
}
