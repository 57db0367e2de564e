// Asks for a person where a command was run without one: from those known, or by a typed name.

import { type QuickPickItem, ThemeIcon, window } from 'vscode';
import { fail } from '../../contract/failure.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import { nameProblem, tidyName } from '../../contract/names.ts';
import { personOf } from '../commands.ts';
import { l10n } from '../l10n.ts';
import { plainText } from '../plainText.ts';
import type { Services } from '../services.ts';
import { peersTree } from './peersTree.ts';
import type { Row } from './row.ts';

export type Picked =
  | { readonly kind: 'me' }
  | { readonly kind: 'person'; readonly peer: Fingerprint }
  | { readonly kind: 'name'; readonly name: string };

interface Choice extends QuickPickItem {
  readonly who: Picked;
}

/** The person that `argument` speaks of, else the one who is picked; undefined when nobody is. Throws for unknown names. */
export async function personFor(
  services: Services,
  argument: unknown,
  title: string,
): Promise<Fingerprint | undefined> {
  const given = personOf(argument);
  if (given !== undefined) return given;
  const picked = await pickPerson(services, { title, withMe: false });
  if (picked?.kind === 'name') return (await services.engine.request('lookUp', { name: picked.name })).peer;
  return picked?.kind === 'person' ? picked.peer : undefined;
}

/** Undefined when the list was closed. Throws `notSignedUp`. */
export async function pickPerson(
  { engine, language }: Services,
  { title, withMe }: { readonly title: string; readonly withMe: boolean },
): Promise<Picked | undefined> {
  const state = await engine.ready();
  if (state.me.name === undefined) throw fail('notSignedUp', {});
  const rows = peersTree(state, Date.now(), language);
  return ask(
    title,
    rows.flatMap((row) => choicesOf(row, withMe)),
  );
}

function ask(title: string, known: readonly Choice[]): Promise<Picked | undefined> {
  const list = window.createQuickPick<Choice>();
  list.title = title;
  list.placeholder = l10n.t('Pick a person, or type a name to look up at the registry');
  list.items = known;
  return new Promise<Picked | undefined>((resolve) => {
    list.onDidChangeValue((text) => {
      list.items = [...known, ...typedChoices(text, known)];
    });
    // Enter may come before the list has caught up with what was typed: then the text itself is the answer.
    list.onDidAccept(() => {
      const who = list.activeItems[0]?.who ?? whoIsTyped(list.value, known);
      if (who !== undefined) resolve(who);
    });
    list.onDidHide(() => resolve(undefined));
    list.show();
  }).finally(() => list.dispose());
}

function choicesOf({ id, peer, label, description, icon }: Row, withMe: boolean): Choice[] {
  const shown = {
    label: plainText(label),
    description: plainText(description),
    iconPath: new ThemeIcon(icon.id),
  };
  if (peer !== undefined) return [{ ...shown, who: { kind: 'person', peer } }];
  return withMe && id === 'me' ? [{ ...shown, who: { kind: 'me' } }] : [];
}

function whoIsTyped(text: string, known: readonly Choice[]): Picked | undefined {
  const name = plainText(tidyName(text));
  return [...known, ...typedChoices(text, known)].find(
    ({ label, who }) => who.kind === 'name' || label === name,
  )?.who;
}

/** Somebody who is not in the list may be at the registry all the same. */
function typedChoices(text: string, known: readonly Choice[]): Choice[] {
  const name = tidyName(text);
  if (nameProblem(name) !== undefined || known.some(({ label }) => label === plainText(name))) return [];
  const label = l10n.t('Look up {0}', plainText(name));
  return [{ label, alwaysShow: true, iconPath: new ThemeIcon('search'), who: { kind: 'name', name } }];
}
