// Reactions as they are shown below a message, and those that can be chosen.

import type { Reaction } from '../../src/contract/message.ts';
import { isolated } from './isolate.ts';
import { t } from './words.ts';

export interface ReactionChip {
  readonly emoji: string;
  readonly count: number;
  readonly isMine: boolean;
  /** Who, in words. */
  readonly words: string;
}

export interface Emoji {
  readonly emoji: string;
  /** For whoever cannot see it. */
  readonly name: string;
}

/** At hand at once. */
export const quickEmoji = (): readonly Emoji[] => [
  { emoji: '👍', name: t('Thumbs up') },
  { emoji: '❤️', name: t('Heart') },
  { emoji: '😂', name: t('Laughing') },
  { emoji: '🎉', name: t('Party') },
  { emoji: '👀', name: t('Looking at it') },
  { emoji: '✅', name: t('Done') },
];

/** Behind "more": what people who work together say. */
export const moreEmoji = (): readonly Emoji[] => [
  { emoji: '👎', name: t('Thumbs down') },
  { emoji: '🙏', name: t('Thanks') },
  { emoji: '👏', name: t('Applause') },
  { emoji: '🙌', name: t('Hands up') },
  { emoji: '💪', name: t('Strong') },
  { emoji: '🤝', name: t('Agreed') },
  { emoji: '👋', name: t('Waving') },
  { emoji: '👌', name: t('Fine') },
  { emoji: '🤞', name: t('Fingers crossed') },
  { emoji: '🚀', name: t('Rocket') },
  { emoji: '🔥', name: t('Fire') },
  { emoji: '💯', name: t('Hundred') },
  { emoji: '✨', name: t('Sparkles') },
  { emoji: '💡', name: t('Idea') },
  { emoji: '🐛', name: t('Bug') },
  { emoji: '🔧', name: t('Wrench') },
  { emoji: '⏳', name: t('Hourglass') },
  { emoji: '❓', name: t('Question') },
  { emoji: '❗', name: t('Exclamation') },
  { emoji: '❌', name: t('No') },
  { emoji: '😊', name: t('Smiling') },
  { emoji: '😄', name: t('Grinning') },
  { emoji: '😅', name: t('Sweating') },
  { emoji: '🤣', name: t('Rolling') },
  { emoji: '😍', name: t('Loving it') },
  { emoji: '🥳', name: t('Celebrating') },
  { emoji: '😎', name: t('Cool') },
  { emoji: '🤔', name: t('Thinking') },
  { emoji: '😮', name: t('Surprised') },
  { emoji: '😢', name: t('Crying') },
  { emoji: '😡', name: t('Angry') },
  { emoji: '😴', name: t('Sleeping') },
  { emoji: '🤯', name: t('Mind blown') },
  { emoji: '🙈', name: t('Not looking') },
  { emoji: '☕', name: t('Coffee') },
  { emoji: '🍕', name: t('Pizza') },
];

/** One chip for each emoji, in the order in which they came first. */
export function chipsOf(reactions: readonly Reaction[], name: string): ReactionChip[] {
  const emojis = [...new Set(reactions.map(({ emoji }) => emoji))];
  return emojis.map((emoji) => {
    const from = reactions.filter((reaction) => reaction.emoji === emoji).map((reaction) => reaction.from);
    const [isMine, isTheirs] = [from.includes('me'), from.includes('peer')];
    return { emoji, count: from.length, isMine, words: whoWords(isMine, isTheirs, isolated(name)) };
  });
}

function whoWords(isMine: boolean, isTheirs: boolean, name: string): string {
  if (isMine && isTheirs) return t('You and {0}', name);
  return isMine ? t('You') : name;
}
