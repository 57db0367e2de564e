// The registry's commands, status bar item and output channel.

import {
  type Disposable,
  env,
  l10n,
  type OutputChannel,
  StatusBarAlignment,
  type StatusBarItem,
  Uri,
  window,
} from 'vscode';
import { COMMANDS } from '../commands.ts';
import { setContextKey } from '../contextKeys.ts';
import { saveSetting, setting } from '../editorSettings.ts';
import { openSetting } from '../failures.ts';
import { plainText } from '../plainText.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { settingId } from '../settings.ts';
import { leadsTo, ownUrl, type ReadyLine } from './registryLine.ts';
import { RegistryProcess, type RegistryProcessState } from './registryProcess.ts';

const MAX_REASON = 400;

export function registerRegistry(services: Services): Disposable[] {
  const channel = window.createOutputChannel('Hamta Registry');
  const script = Uri.joinPath(services.extensionUri, 'dist', 'registry-server.js').fsPath;
  const registry = new RegistryProcess(script, (text) => channel.append(text));
  const item = window.createStatusBarItem('hamta.registry', StatusBarAlignment.Left);
  item.name = l10n.t('Hamta Registry');
  item.command = COMMANDS.showRegistryLog;
  return [
    channel,
    registry,
    item,
    registry.onDidChange((state) => show(item, state)),
    ...registerCommands(services.failures, {
      [COMMANDS.startRegistry]: () => start(services, registry, channel),
      [COMMANDS.stopRegistry]: () => registry.stop(),
      [COMMANDS.showRegistryLog]: () => channel.show(true),
    }),
  ];
}

function show(item: StatusBarItem, state: RegistryProcessState): void {
  setContextKey('registryRunning', state.kind !== 'stopped');
  if (state.kind === 'stopped') {
    item.hide();
    return;
  }
  const running = state.kind === 'running';
  item.text = running ? `$(server) ${l10n.t('Registry')}` : `$(loading~spin) ${l10n.t('Registry')}`;
  item.tooltip = running
    ? l10n.t('Registry server at {0}, store: {1}', state.url, plainText(state.store))
    : l10n.t('The registry server starts');
  item.accessibilityInformation = { label: item.tooltip };
  item.show();
}

/** True when a registry runs afterwards. */
async function start(
  services: Services,
  registry: RegistryProcess,
  channel: OutputChannel,
): Promise<boolean> {
  const { state } = registry;
  if (state.kind === 'starting') return false;
  if (state.kind === 'stopped') {
    const outcome = await registry.start(choice(services));
    if (outcome.kind === 'portInUse') return offerAnotherPort(services, registry, channel);
    if (outcome.kind === 'failed') {
      void tellFailure(outcome.reason, channel);
      return false;
    }
  }
  if (registry.state.kind === 'running')
    void tellRunning(registry.state).catch((e) => services.failures.show(e));
  return registry.state.kind === 'running';
}

function choice({ folders }: Services) {
  return {
    port: setting('registry.port'),
    redisUrl: setting('registry.redisUrl').trim(),
    dataFile: folders.registryStore,
    host: process.env.HAMTA_LISTEN_HOST,
  };
}

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
  if (chosen !== another) return false;
  const typed = await askPort(port);
  if (typed === undefined) return false;
  await saveSetting('registry.port', typed);
  return start(services, registry, channel);
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

/** Says which store it uses and what others need; offers to use it where the settings lead elsewhere. */
async function tellRunning({ url, store }: ReadyLine): Promise<void> {
  const text = l10n.t('The registry server runs at {0} (store: {1}).', url, plainText(store));
  const copy = l10n.t('Copy Address');
  const use = l10n.t('Use This Registry');
  const choices = leadsTo(setting('registryUrl'), url) ? [copy] : [use, copy];
  const chosen = await window.showInformationMessage(text, ...choices);
  if (chosen === copy) await env.clipboard.writeText(url);
  if (chosen === use) await saveSetting('registryUrl', ownUrl(url));
}

async function tellFailure(reason: string, channel: OutputChannel): Promise<void> {
  const showLog = l10n.t('Show Log');
  const text = l10n.t('The registry server did not start. {0}', plainText(reason, MAX_REASON));
  if ((await window.showErrorMessage(text, showLog)) === showLog) channel.show(true);
}
