// What counts as a reaction: one emoji, as the Unicode standard composes them, and nothing that could be read as words.

import { MAX_REACTION_LENGTH } from './message.ts';

/** A flag, a keycap, or pictographs with their skin tones and joiners (UTS #51, section 1.4.9, as loosely as it allows). */
const EMOJI = new RegExp(
  [
    '^(?:\\p{Regional_Indicator}{2}',
    '[0-9#*]\\uFE0F?\\u20E3',
    'PICTURE(?:\\u200DPICTURE)*)$'.replaceAll(
      'PICTURE',
      '\\p{Extended_Pictographic}(?:\\p{Emoji_Modifier}|\\uFE0F)?[\\u{E0020}-\\u{E007F}]*',
    ),
  ].join('|'),
  'u',
);

export function isReaction(text: string): boolean {
  return text.length <= MAX_REACTION_LENGTH && EMOJI.test(text);
}
