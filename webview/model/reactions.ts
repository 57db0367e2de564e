// Reactions as they are shown below a message, and those that can be chosen.

import type { Reaction } from '../../src/contract/message.ts';
import { isolated } from './isolate.ts';

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
export const QUICK_EMOJI: readonly Emoji[] = [
  { emoji: '👍', name: 'Thumbs up' },
  { emoji: '❤️', name: 'Heart' },
  { emoji: '😂', name: 'Laughing' },
  { emoji: '🎉', name: 'Party' },
  { emoji: '👀', name: 'Looking at it' },
  { emoji: '✅', name: 'Done' },
];

/** Behind "more": what people who work together say. */
export const MORE_EMOJI: readonly Emoji[] = [
  { emoji: '👎', name: 'Thumbs down' },
  { emoji: '🙏', name: 'Thanks' },
  { emoji: '👏', name: 'Applause' },
  { emoji: '🙌', name: 'Hands up' },
  { emoji: '💪', name: 'Strong' },
  { emoji: '🤝', name: 'Agreed' },
  { emoji: '👋', name: 'Waving' },
  { emoji: '👌', name: 'Fine' },
  { emoji: '🤞', name: 'Fingers crossed' },
  { emoji: '🚀', name: 'Rocket' },
  { emoji: '🔥', name: 'Fire' },
  { emoji: '💯', name: 'Hundred' },
  { emoji: '✨', name: 'Sparkles' },
  { emoji: '💡', name: 'Idea' },
  { emoji: '🐛', name: 'Bug' },
  { emoji: '🔧', name: 'Wrench' },
  { emoji: '⏳', name: 'Hourglass' },
  { emoji: '❓', name: 'Question' },
  { emoji: '❗', name: 'Exclamation' },
  { emoji: '❌', name: 'No' },
  { emoji: '😊', name: 'Smiling' },
  { emoji: '😄', name: 'Grinning' },
  { emoji: '😅', name: 'Sweating' },
  { emoji: '🤣', name: 'Rolling' },
  { emoji: '😍', name: 'Loving it' },
  { emoji: '🥳', name: 'Celebrating' },
  { emoji: '😎', name: 'Cool' },
  { emoji: '🤔', name: 'Thinking' },
  { emoji: '😮', name: 'Surprised' },
  { emoji: '😢', name: 'Crying' },
  { emoji: '😡', name: 'Angry' },
  { emoji: '😴', name: 'Sleeping' },
  { emoji: '🤯', name: 'Mind blown' },
  { emoji: '🙈', name: 'Not looking' },
  { emoji: '☕', name: 'Coffee' },
  { emoji: '🍕', name: 'Pizza' },
];

/** One chip for each emoji, in the order in which they came first. */
export function chipsOf(reactions: readonly Reaction[], name: string): ReactionChip[] {
  const emojis = [...new Set(reactions.map(({ emoji }) => emoji))];
  return emojis.map((emoji) => {
    const from = reactions.filter((reaction) => reaction.emoji === emoji).map((reaction) => reaction.from);
    const who = [...(from.includes('me') ? ['You'] : []), ...(from.includes('peer') ? [isolated(name)] : [])];
    return { emoji, count: from.length, isMine: from.includes('me'), words: who.join(' and ') };
  });
}
