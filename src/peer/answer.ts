// What the demo peer answers to a text. Pure; English, and Persian to whoever writes Persian.

export interface Answer {
  readonly text: string;
  /** A picture that it draws goes with the text. */
  readonly withPicture: boolean;
}

/** What can be asked for. */
type Wish = 'help' | 'picture' | 'code' | 'thanks' | 'greeting';

interface Phrases extends Readonly<Record<Wish, string>> {
  readonly welcome: string;
  echo(quoted: string, turned: string): string;
  count(words: number, characters: number): string;
}

const CODE = ['```ts', 'const peers = people.filter((person) => person.isHere);', '```'].join('\n');

const ENGLISH: Phrases = {
  welcome:
    'Hello. I am a small program that answers. Write "help" to see what I can do, or send me a picture.',
  help: [
    'You can try these:',
    '- any text: it comes back with a twist',
    '- "picture": I draw one and send it',
    '- "code": a piece of code',
    '- a picture of yours: I send it back mirrored and grey',
    '- سلام: I speak Persian, too',
  ].join('\n'),
  greeting: 'Hello. Nice to see you here. Write "help" to see what I can do.',
  thanks: 'You are welcome.',
  picture: 'Here is a picture for you. Accept it, and it is saved and verified.',
  code: `Like this:\n${CODE}`,
  echo: (quoted, turned) => `You wrote “${quoted}”. The other way round: “${turned}”.`,
  count: (words, characters) =>
    `That was long: ${words} words, ${characters} characters, and all of them arrived.`,
};

const PERSIAN: Phrases = {
  welcome: 'سلام. من یک برنامهٔ کوچکم که جواب می‌دهد. بنویسید «کمک»، یا یک عکس برایم بفرستید.',
  help: [
    'این‌ها را می‌شود امتحان کرد:',
    '- هر متنی: با کمی تغییر برمی‌گردد',
    '- «عکس»: یکی می‌کشم و می‌فرستم',
    '- «کد»: یک تکه کد',
    '- عکسی از شما: آینه‌ای و خاکستری پس می‌فرستم',
  ].join('\n'),
  greeting: 'سلام. خوش آمدید. بنویسید «کمک» تا ببینید چه کارهایی می‌کنم.',
  thanks: 'خواهش می‌کنم.',
  picture: 'این هم یک عکس برای شما. بپذیرید تا ذخیره و وارسی شود.',
  code: `مثلاً این:\n${CODE}`,
  echo: (quoted, turned) => `نوشتید «${quoted}». برعکسش می‌شود «${turned}».`,
  count: (words, characters) => `بلند بود: ${words} کلمه، ${characters} نویسه، و همه‌اش رسید.`,
};

const WISHES: readonly (readonly [Wish, RegExp])[] = [
  ['help', /^(help|\?|what can you do|کمک|راهنما)$/],
  ['picture', /^(picture|image|photo|send (me )?(a |an )?(picture|image|photo)|عکس|تصویر)$/],
  ['code', /^(code|snippet|کد)$/],
  ['thanks', /^(thanks|thank you|thx|ممنون|مرسی|متشکرم|سپاس)$/],
  ['greeting', /^(hi|hello|hey|salam|good (morning|evening))\b|^(سلام|درود)(?!\p{L})/u],
];

/** The Arabic script's letters, which Persian is written with. */
const PERSIAN_LETTER = /\p{Script=Arabic}/u;
/** Longer texts are counted rather than turned round, in UTF-16 units. */
const MAX_ECHO = 400;

/** To somebody who has just connected for the first time. */
export function welcome(): string {
  return `${ENGLISH.welcome}\n${PERSIAN.welcome}`;
}

/** Total over any text; the answer is short. */
export function answerTo(text: string): Answer {
  const phrases = PERSIAN_LETTER.test(text) ? PERSIAN : ENGLISH;
  const wish = wishIn(text.trim());
  return {
    text: wish === undefined ? echoOf(text.trim(), phrases) : phrases[wish],
    withPicture: wish === 'picture',
  };
}

function wishIn(text: string): Wish | undefined {
  if (text.length > MAX_ECHO) return undefined;
  const asked = text.toLowerCase().replace(/(?<=.)[\s.!?…،؟]+$/u, '');
  return WISHES.find(([, pattern]) => pattern.test(asked))?.[0];
}

/** Words change places, letters do not: joined letters and emoji stay whole, and right-to-left text stays readable. */
function echoOf(text: string, phrases: Phrases): string {
  const words = text.split(/\s+/u);
  if (text.length > MAX_ECHO) return phrases.count(words.length, [...text].length);
  const turned = words.length > 1 ? words.toReversed().join(' ') : lettersReversed(text);
  return phrases.echo(text, turned);
}

function lettersReversed(word: string): string {
  const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word);
  return Array.from(letters, ({ segment }) => segment)
    .toReversed()
    .join('');
}
