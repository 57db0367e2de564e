// The status bar item: my name and what waits. A click opens the Peers view.

import { type Disposable, StatusBarAlignment, window } from 'vscode';
import type { EngineClient } from './engine/engineClient.ts';
import { l10n } from './l10n.ts';
import type { Language } from './language.ts';
import { paced } from './paced.ts';
import { PEERS_VIEW } from './peers/peersView.ts';
import type { Services } from './services.ts';
import { type StatusText, startingText, statusText, stoppedText } from './statusText.ts';

const REFRESH_EVERY_MS = 200;

export function registerStatusBar({ engine, language }: Services): Disposable[] {
  const item = window.createStatusBarItem('hamta.status', StatusBarAlignment.Left);
  item.name = l10n.t('Hamta');
  item.command = `${PEERS_VIEW}.focus`;
  const show = () => {
    const { text, words } = textOf(engine, language);
    item.text = text;
    item.tooltip = words;
    item.accessibilityInformation = { label: words };
  };
  const refresh = paced(REFRESH_EVERY_MS, show);
  show();
  item.show();
  return [
    item,
    refresh,
    engine.mirror.onDidReset(refresh.soon),
    engine.mirror.onDidChange(refresh.soon),
    engine.onDidChangeStatus(refresh.soon),
  ];
}

function textOf({ status, state }: EngineClient, language: Language): StatusText {
  if (status.kind === 'stopped') return stoppedText(language);
  if (state === undefined && status.kind !== 'idle') return startingText(language);
  return statusText(state, Date.now(), language);
}
