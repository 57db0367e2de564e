// Characters that pass for one another on a screen, as far as names need it: a small choice from Unicode's confusables
// (UTS #39), after case folding. A registry gives no two keys such names. Not there: pairs of letters (rn, m), and scripts
// that are not confused with Latin.

/** Each class by the character that stands for all of it. */
const CLASSES: Readonly<Record<string, string>> = {
  a: 'аαɑ',
  b: 'вβь',
  c: 'сϲ',
  d: 'ԁ',
  e: 'еε',
  g: 'ɡ',
  h: 'нηһհ',
  j: 'јϳ',
  k: 'кκ',
  l: 'i1|іιӏاǀ∣',
  m: 'мμ',
  n: 'ν',
  o: '0оοօ',
  p: 'рρ',
  q: 'ԛ',
  s: 'ѕ',
  t: 'тτ',
  u: 'ս',
  v: 'ѵ',
  w: 'ԝω',
  x: 'хχ',
  y: 'уυ',
  z: 'ζ',
  3: 'з',
  ه: 'ةہھە',
  ی: 'ى',
  "'": '’‘ʼ`´′ʹ',
  '-': '‐‑‒–—−',
  // The stretching stroke of Arabic script draws nothing of its own.
  '': 'ـ',
};

const REPRESENTATIVE = new Map(
  Object.entries(CLASSES).flatMap(([one, others]) => [...others].map((other) => [other, one] as const)),
);

/** `text`, folded by sameNameKey, with every character replaced by the one that stands for its look. */
export function looksOf(text: string): string {
  let looks = '';
  for (const character of text.normalize('NFD')) looks += REPRESENTATIVE.get(character) ?? character;
  return looks;
}
