// The command that searches all conversations: what is found stands in a list, and a click shows it where it was said.

import { type Disposable, l10n, window } from 'vscode';
import type { SearchHit } from '../../contract/search.ts';
import { COMMANDS } from '../commands.ts';
import { inText } from '../inText.ts';
import { paced } from '../paced.ts';
import { plainText } from '../plainText.ts';
import { registerCommands } from '../registerCommand.ts';
import type { Services } from '../services.ts';
import type { ChatPanels } from './chatPanels.ts';
import { type Found, FoundList } from './foundList.ts';

/** Between two searches while somebody types. */
const PACE_MS = 150;
const MAX_SHOWN = 50;
/** As many characters as an excerpt has. */
const EXCERPT_LENGTH = 202;

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

/** What was found, or a row that says why nothing could be. */
async function rowsFor(query: string, { engine, failures, language }: Services): Promise<readonly Found[]> {
  try {
    const { hits } = await engine.request('searchMessages', { query, limit: MAX_SHOWN });
    const nameOf = ({ message }: SearchHit) => engine.state?.peers[message.peer]?.name ?? '';
    return hits.map((hit) => itemOf(hit, nameOf(hit), language.locale));
  } catch (error) {
    failures.note(error);
    return [{ label: l10n.t('The search did not work'), detail: failures.words(error), alwaysShow: true }];
  }
}

/** Shown whatever the list's own filter thinks of it, which knows nothing of words. */
function itemOf(hit: SearchHit, name: string, locale: string): Found {
  const { from, at } = hit.message;
  return {
    hit,
    label: from === 'me' ? l10n.t('You to {0}', inText(name)) : plainText(name),
    description: new Date(at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' }),
    detail: plainText(hit.excerpt, EXCERPT_LENGTH),
    alwaysShow: true,
  };
}
