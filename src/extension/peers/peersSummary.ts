// What the Peers view says as a whole: its badge, and a line where rows alone would leave a person at a loss.

import type { State } from '../../contract/state.ts';
import { type Language, listIn } from '../language.ts';
import { countText } from './amounts.ts';
import { openQuestions, unreadFrom, unreadMessages } from './openQuestions.ts';

export interface Badge {
  readonly value: number;
  /** Says where the number comes from. */
  readonly tooltip: string;
}

const MAX_NAMES = 3;

/** Undefined when nothing waits, and while signed out: then no row would show where the number comes from. */
export function badgeOf(state: State, language: Language): Badge | undefined {
  const { t, locale } = language;
  if (state.me.name === undefined) return undefined;
  const unread = unreadMessages(state);
  const questions = openQuestions(state);
  if (unread + questions === 0) return undefined;
  const parts = [];
  if (unread > 0)
    parts.push(t('{0} unread from {1}', countText(unread, locale), namesText(unreadFrom(state))));
  if (questions > 0) parts.push(t('{0} waiting for your answer', countText(questions, locale)));
  return { value: unread + questions, tooltip: listIn(language, parts) };
}

function namesText(names: readonly string[]): string {
  const first = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${first} …` : first;
}

/** A line for somebody who is signed up and alone, so that the view is no dead end; else empty. */
export function messageOf(state: State, { t }: Language): string {
  if (state.me.name === undefined || Object.keys(state.peers).length > 0) return '';
  return state.registry.kind === 'joined'
    ? t('Nobody else is at {0} yet. Whoever signs up at this registry appears here.', state.registry.url)
    : '';
}
