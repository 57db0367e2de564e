// Asks with whom files are to be shared: everybody accepted, or people who are picked.

import { type QuickPickItem, type QuickPickOptions, ThemeIcon, window } from 'vscode';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { OwnSharedItem } from '../../contract/shared.ts';
import type { State } from '../../contract/state.ts';
import { l10n } from '../l10n.ts';
import { sortedPeople } from '../peers/situation.ts';
import { plainText } from '../plainText.ts';

type Audience = OwnSharedItem['with'];

interface PersonChoice extends QuickPickItem {
  readonly peer: Fingerprint;
}

/** Undefined when a list was closed, or nobody was picked. */
export async function pickAudience(
  state: State,
  question: QuickPickOptions & { readonly title: string },
  locale: string,
): Promise<Audience | undefined> {
  const everybody = {
    label: l10n.t('Everybody I have accepted'),
    detail: l10n.t('Whoever is accepted later sees it, too.'),
    iconPath: new ThemeIcon('organization'),
  };
  const chosen = { label: l10n.t('People I choose'), iconPath: new ThemeIcon('checklist') };
  const choices = peopleOf(state, locale);
  const picked = choices.length === 0 ? everybody : await window.showQuickPick([everybody, chosen], question);
  if (picked === undefined) return undefined;
  return picked === everybody ? 'accepted' : pickPeople(choices, question.title);
}

async function pickPeople(choices: readonly PersonChoice[], title: string): Promise<Audience | undefined> {
  const picked = await window.showQuickPick(choices, {
    title,
    canPickMany: true,
    placeHolder: l10n.t('Nobody else sees or gets it'),
  });
  return picked === undefined || picked.length === 0 ? undefined : picked.map(({ peer }) => peer);
}

function peopleOf({ peers }: State, locale: string): PersonChoice[] {
  const accepted = Object.values(peers).filter(({ standing }) => standing === 'accepted');
  return sortedPeople(accepted, locale).map(({ fingerprint, name }) => ({
    label: plainText(name),
    iconPath: new ThemeIcon('person'),
    peer: fingerprint,
  }));
}
