// What the status bar item says, as a pure function of the state.

import type { Millis } from '../base/clock.ts';
import { quietUntil } from '../contract/doNotDisturb.ts';
import type { Peer } from '../contract/peer.ts';
import type { State } from '../contract/state.ts';
import { inText } from './inText.ts';
import { type Language, listIn } from './language.ts';
import { quietText } from './notices/quietText.ts';
import { countText } from './peers/amounts.ts';
import { openQuestions, unreadMessages } from './peers/openQuestions.ts';
import { shortName } from './peers/transferText.ts';

export interface StatusText {
  /** With a codicon in front. A number is always what waits. */
  readonly text: string;
  /** In words, for the tooltip and screen readers. */
  readonly words: string;
}

/** Where no engine could be started. */
export function stoppedText({ t }: Language): StatusText {
  return { text: `$(warning) ${t('Hamta')}`, words: t('Hamta could not be started') };
}

/** While the first engine of this window is on its way. */
export function startingText({ t }: Language): StatusText {
  return { text: `$(comment-discussion) ${t('Hamta')}`, words: t('Hamta is starting') };
}

/** `state` is undefined where nobody has needed an engine yet. */
export function statusText(state: State | undefined, now: Millis, language: Language): StatusText {
  const { t, locale } = language;
  const name = state?.me.name;
  if (state === undefined || name === undefined) {
    return { text: `$(comment-discussion) ${t('Hamta')}`, words: t('Hamta: choose a name to chat') };
  }
  const who = inText(shortName(name));
  const waiting = unreadMessages(state) + openQuestions(state);
  const connected = Object.values<Peer>(state.peers).filter(({ link }) => link === 'connected').length;
  const words = [t('Hamta: {0}', inText(name)), t('{0} connected', countText(connected, locale))];
  const quiet = quietUntil(state.me, now);
  if (quiet !== undefined) words.push(quietText(quiet, now, language));
  if (waiting > 0) {
    const count = countText(waiting, locale);
    words.push(waiting === 1 ? t('1 waits for you') : t('{0} wait for you', count));
    return {
      text: `$(${quiet === undefined ? 'bell-dot' : 'bell-slash'}) ${who} ${count}`,
      words: listIn(language, words),
    };
  }
  if (state.registry.kind === 'failing' || state.registry.kind === 'refused') {
    words.push(t('the registry does not answer or refuses'));
    return { text: `$(warning) ${who}`, words: listIn(language, words) };
  }
  const icon = quiet === undefined ? 'comment-discussion' : 'bell-slash';
  return { text: `$(${icon}) ${who}`, words: listIn(language, words) };
}
