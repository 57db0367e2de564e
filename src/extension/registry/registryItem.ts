// The status bar item of the registry that this window runs: starting, running or failed, and what can be done about it.

import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { COMMANDS, type CommandId } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { plainText } from '../plainText.ts';
import type { RegistryProcessState } from './registryProcess.ts';

type Shown = Exclude<RegistryProcessState, { kind: 'stopped' }>;

const ICONS: Record<Shown['kind'], string> = {
  starting: '$(loading~spin)',
  running: '$(server)',
  failed: '$(error)',
};

/** Hidden until it is shown a state. */
export function createRegistryItem(): StatusBarItem {
  const item = window.createStatusBarItem('hamta.registry', StatusBarAlignment.Left);
  item.name = l10n.t('Hamta Registry');
  item.command = COMMANDS.showRegistryLog;
  return item;
}

export function showState(item: StatusBarItem, state: RegistryProcessState): void {
  if (state.kind === 'stopped') {
    item.hide();
    return;
  }
  const words = wordsOf(state);
  item.text = `${ICONS[state.kind]} ${l10n.t('Registry')}`;
  item.tooltip = withActions(words, state);
  item.accessibilityInformation = { label: words };
  const isFailed = state.kind === 'failed';
  item.backgroundColor = isFailed ? new ThemeColor('statusBarItem.errorBackground') : undefined;
  item.show();
}

function wordsOf(state: Shown): string {
  switch (state.kind) {
    case 'starting':
      return l10n.t('The registry server starts');
    case 'running':
      return l10n.t('Registry server at {0}, store: {1}', state.url, plainText(state.store));
    case 'failed':
      return l10n.t('The registry server failed. {0}', plainText(state.reason));
  }
}

/** The item's menu: an item of the status bar has no other. */
function withActions(words: string, { kind }: Shown): MarkdownString {
  const actions = [link(l10n.t('Show Log'), COMMANDS.showRegistryLog)];
  if (kind === 'running') actions.unshift(link(l10n.t('Copy Invite Link'), COMMANDS.copyInvite));
  actions.push(
    kind === 'failed'
      ? link(l10n.t('Start Again'), COMMANDS.startRegistry)
      : link(l10n.t('Stop'), COMMANDS.stopRegistry),
  );
  const tooltip = new MarkdownString().appendText(words).appendMarkdown(`\n\n${actions.join(' · ')}`);
  tooltip.isTrusted = {
    enabledCommands: [
      COMMANDS.copyInvite,
      COMMANDS.showRegistryLog,
      COMMANDS.startRegistry,
      COMMANDS.stopRegistry,
    ],
  };
  return tooltip;
}

function link(label: string, command: CommandId): string {
  return `[${label}](command:${command})`;
}
