// What a person may be called, and what a received file may be called on disk. Both are total over any string.

/** A person's name is 1 to this many Unicode code points after cleaning. */
const MAX_NAME_LENGTH = 64;
/** Most file systems refuse longer names, in UTF-8 bytes. */
const MAX_FILE_NAME_BYTES = 255;
/** What is left of that where a file system writes names encrypted (eCryptfs), in UTF-8 bytes. */
export const SHORT_FILE_NAME_BYTES = 143;

/** Control, format (bidirectional marks, zero width), private, surrogate, and line or paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Zero-width joiner and non-joiner are letters' business in Persian and in emoji; alone they are invisible. */
const JOINERS = /[\u200c\u200d]/g;
/**
 * What names nobody by itself: letters and symbols that leave no mark (fillers, selectors, the blank Braille cell), and the
 * dot, since a URL swallows `.` and `..` even when they are escaped (WHATWG URL, dot segments).
 */
const BLANK = /[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\s\u2800.]/gu;

/** Blanks of all widths, and two that are none by their category: the blank Braille cell, the null notehead. */
const SPACES = /[\p{Zs}\u2800\u{1d159}]+/gu;

export type NameProblem = 'empty' | 'tooLong' | 'invisibleCharacters';

/** The name a person would see for `text`: NFC, outer and repeated blanks gone. */
export function tidyName(text: string): string {
  return text
    .slice(0, 4 * MAX_NAME_LENGTH + 64)
    .normalize('NFC')
    .replace(SPACES, ' ')
    .trim();
}

/** Why `text` cannot be a person's name as it stands (apart from outer spaces and normal form), or undefined when it can. */
export function nameProblem(text: string): NameProblem | undefined {
  if (text.length > 4 * MAX_NAME_LENGTH) return 'tooLong';
  const name = tidyName(text);
  if (name.replace(BLANK, '') === '') return 'empty';
  if ([...name].length > MAX_NAME_LENGTH) return 'tooLong';
  if (name.replace(JOINERS, '').search(INVISIBLE) >= 0) return 'invisibleCharacters';
  return undefined;
}

/** What cannot be seen in a name, and one letter with two code points: Arabic and Persian keyboards, the final sigma. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const ONE_LETTER: Readonly<Record<string, string>> = { ي: 'ی', ك: 'ک', ς: 'σ' };

/** Two names with one key are one name to a registry: case, compatibility variants and keyboards do not tell them apart. */
export function sameNameKey(name: string): string {
  // Up and down again folds what lower case alone keeps apart: the German sharp s, whose capital has to come down first, and the dotless i.
  const folded = name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase();
  return folded
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .replace(/[يكς]/g, (letter) => ONE_LETTER[letter] ?? letter)
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0x0f));
}

/** The half space of Persian, within a word. */
const HALF_SPACE = /(?<=[\p{L}\p{M}\p{N}])\u200c(?=\p{Script=Arabic})/u;
/** The signs that take a letter's vowel in scripts of India and beyond it. */
const VIRAMAS = '[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]';
/** What joins two of their letters, or keeps them apart (RFC 5892, A.1 and A.2); in Bengali also before the sign. */
const LETTER_JOINER = new RegExp(
  `(?<=\\p{L}${VIRAMAS})[\u200c\u200d](?=\\p{L})|(?<=\\p{L})\u200d(?=${VIRAMAS})`,
  'u',
);
/** What makes one emoji of several. */
const EMOJI_JOINER =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})/u;
const INVISIBLE_IN_FILES = new RegExp(
  `(?!${HALF_SPACE.source}|${LETTER_JOINER.source}|${EMOJI_JOINER.source})${INVISIBLE.source}`,
  'gu',
);

/** Names that Windows keeps for devices, whatever their ending, and also with blanks before it (`nul .txt`). */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

/**
 * A name for a received file that stays in its folder on every system: the last path segment, without forbidden characters and
 * invisible ones that join no letters and no emoji, outer dots and spaces, device names; at most `longest` UTF-8 bytes, its ending kept.
 * Never empty.
 */
export function safeFileName(text: string, fallback = 'file', longest = MAX_FILE_NAME_BYTES): string {
  const last = text.slice(-4096).split(/[/\\]/).pop() ?? '';
  const visible = last
    .normalize('NFC')
    .replace(INVISIBLE_IN_FILES, '')
    .replace(/[<>:"|?*]/g, '_');
  const trimmed = visible.replace(/^[.\s]+|[.\s]+$/g, '');
  const named = RESERVED.test(trimmed) ? `_${trimmed}` : trimmed;
  return named === '' ? fallback : fitBytes(longest, ...stemAndEnding(named));
}

/** `a.png` -> `a`, `.png`. What follows the last dot is an ending when it is short and something stands before it. */
function stemAndEnding(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  const isEnding = dot > 0 && name.length - dot <= 16;
  return isEnding ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

/** The stem, shortened by whole characters until it and the ending have at most `longest` UTF-8 bytes, and the ending. */
function fitBytes(longest: number, stem: string, ending: string): string {
  let room = longest - utf8Length(ending);
  let kept = '';
  for (const character of stem) {
    room -= utf8Length(character);
    if (room < 0) return kept.replace(/[.\s\u200c\u200d]+$/, '') + ending;
    kept += character;
  }
  return kept + ending;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** `name` with a number before its ending: `a.png`, 2 -> `a (2).png`. */
export function numberedFileName(name: string, number: number, longest = MAX_FILE_NAME_BYTES): string {
  const [stem, ending] = stemAndEnding(name);
  return fitBytes(longest, stem, ` (${number})${ending}`);
}
