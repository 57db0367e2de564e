// The command that keeps notifications away for a while, in all windows of this person.

import { type Disposable, type QuickPickItem, window } from 'vscode';
import type { Millis } from '../../base/clock.ts';
import { quietUntil, UNTIL_TURNED_OFF } from '../../contract/doNotDisturb.ts';
import { COMMANDS } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import { inOneHour, quietText, timeText, tomorrowMorning } from './quietText.ts';

interface Choice extends QuickPickItem {
  readonly until: Millis | null;
}

export function registerDoNotDisturb(services: Services): Disposable[] {
  return registerCommands(services.failures, { [COMMANDS.doNotDisturb]: () => ask(services) });
}

async function ask({ engine, language }: Services): Promise<void> {
  const { me } = await engine.ready();
  const now = Date.now();
  const quiet = quietUntil(me, now);
  const off = quiet === undefined ? [] : [offChoice(quietText(quiet, now, language))];
  const chosen = await window.showQuickPick([...off, ...choices(now, language.locale)], {
    title: l10n.t('Do not disturb'),
    placeHolder: l10n.t('Messages and questions still come, and wait in the Peers view'),
  });
  if (chosen !== undefined) await engine.request('doNotDisturb', { until: chosen.until });
}

function offChoice(description: string): Choice {
  return { label: l10n.t('Turn off'), description, until: null };
}

function choices(now: Millis, locale: string): Choice[] {
  const until = (label: string, at: Millis): Choice => ({
    ...{ label, until: at },
    description: timeText(at, now, locale),
  });
  return [
    until(l10n.t('For one hour'), inOneHour(now)),
    until(l10n.t('Until tomorrow morning'), tomorrowMorning(now)),
    { label: l10n.t('Until I turn it off'), until: UNTIL_TURNED_OFF },
  ];
}
