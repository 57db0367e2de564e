// The command that searches all conversations: what is found stands in a list, and a click shows it where it was said.

import { type Disposable, window } from 'vscode';
import type { SearchHit } from '../../contract/search.ts';
import { COMMANDS } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { paced } from '../paced.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import type { ChatPanels } from './chatPanels.ts';
import { type Found, FoundList } from './foundList.ts';
import { foundRows } from './foundRows.ts';

/** Between two searches while somebody types. */
const PACE_MS = 150;
const MAX_SHOWN = 50;

export function registerSearch(services: Services, chats: ChatPanels): Disposable[] {
  return registerCommands(services.failures, {
    [COMMANDS.searchMessages]: async () => {
      await services.engine.ready();
      const hit = await askWhich(services);
      if (hit !== undefined) await chats.open(hit.message.peer, hit.message.order);
    },
  });
}

/** Undefined when the list was closed. */
function askWhich(services: Services): Promise<SearchHit | undefined> {
  const list = window.createQuickPick<Found>();
  list.title = l10n.t('Search all conversations');
  list.placeholder = l10n.t('Words of a message, or of the name of a file');
  const found = new FoundList(list, (query) => rowsFor(query, services));
  const search = paced(PACE_MS, () => void found.search());
  return new Promise<SearchHit | undefined>((resolve) => {
    list.onDidChangeValue(search.soon);
    list.onDidAccept(() => {
      const hit = found.chosen;
      if (hit !== undefined) resolve(hit);
    });
    list.onDidHide(() => resolve(undefined));
    list.show();
  }).finally(() => {
    search.dispose();
    list.dispose();
  });
}

/** The answer, or a row that says why there is none. */
async function rowsFor(query: string, { engine, failures, language }: Services): Promise<readonly Found[]> {
  try {
    const page = await engine.request('searchMessages', { query, limit: MAX_SHOWN });
    return foundRows(query, page, ({ message }) => engine.state?.peers[message.peer]?.name ?? '', language);
  } catch (error) {
    failures.note(error);
    return [{ label: l10n.t('The search did not work'), detail: failures.words(error), alwaysShow: true }];
  }
}
