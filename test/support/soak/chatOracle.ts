// Judges a conversation of two people from what was done, what was said of it, and what both stores hold in the end. It knows
// nothing of how the engines do it.

import type { Millis } from '../../../src/base/clock.ts';
import type { Receipts } from '../../../src/contract/peer.ts';
import type { StoredRow } from './storedRows.ts';
import type { Claim, Testimony } from './testimony.ts';

/** One text that somebody wrote; `number` is what the engine answered, undefined where it was killed before. */
export interface Attempt {
  readonly text: string;
  number?: number;
  answeredAt?: Millis;
  /** The engine would not have it. */
  isRefused?: boolean;
}

/** What somebody asked for a message of theirs to become. */
export interface Change {
  readonly id: string;
  /** Undefined: deleted. */
  readonly text: string | undefined;
  isConfirmed: boolean;
}

/** All that is known of one side. */
export class Side {
  readonly name: string;
  /** In the order in which they were asked for. */
  readonly attempts: Attempt[] = [];
  /** Of own messages, in the order in which they were asked for, one after the other. */
  readonly changes: Change[] = [];
  /** When a window was about to say that all up to this number was seen. */
  readonly looked: { readonly upTo: number; readonly at: Millis }[] = [];
  testimonies: readonly Testimony[] = [];
  rows: readonly StoredRow[] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/** Problems named one by one are read; ten thousand are not. */
const MOST_PROBLEMS = 20;

/** What is wrong; nothing where all holds. */
export function problemsOf(one: Side, other: Side): string[] {
  const problems = [
    ...[one, other].flatMap((side) => [
      ...unfaithful(side),
      ...lost(side),
      ...unchanged(side),
      ...stepsBack(side),
    ]),
    ...different(one, other),
    ...different(other, one),
    ...early(one, other),
    ...early(other, one),
  ];
  return problems.slice(0, MOST_PROBLEMS);
}

/** Each number once and none left out, as the writer's log has them. */
function unfaithful({ name, rows }: Side): string[] {
  return (['me', 'peer'] as const).flatMap((from) => {
    const numbers = rows.filter((row) => row.from === from).map(({ number }) => number);
    const wrong = numbers.findIndex((number, i) => number !== i + 1);
    return wrong < 0 ? [] : [`${name}'s store has ${numbers[wrong]} of ${from} where ${wrong + 1} should be`];
  });
}

/** What was confirmed is stored under its number; what was not is stored once or not at all; all in the order of asking. */
function lost({ name, attempts, rows, changes }: Side): string[] {
  const mine = rows.filter(({ from, text }) => from === 'me' && text !== undefined);
  const numberOf = new Map(mine.map(({ text, number }) => [text, number]));
  const mayBeGone = new Set(changes.filter(({ text }) => text === undefined).map(({ id }) => id));
  const gone = new Set(
    rows.filter(({ id, from }) => from === 'me' && mayBeGone.has(id)).map(({ number }) => number),
  );
  const problems: string[] = [];
  if (numberOf.size < mine.length) problems.push(`${name} has a text twice`);
  let last = 0;
  for (const { text, number, isRefused } of attempts) {
    const stored = numberOf.get(text) ?? (gone.has(number ?? 0) ? number : undefined);
    if (number !== undefined && stored !== number)
      problems.push(`${name}'s "${text}" was confirmed as ${number} and is ${stored ?? 'not there'}`);
    if (stored !== undefined && stored <= last) problems.push(`${name}'s "${text}" is out of order`);
    if (stored !== undefined && isRefused) problems.push(`${name}'s "${text}" was refused and is there`);
    last = stored ?? last;
  }
  const asked = new Set(attempts.map(({ text }) => text));
  const invented = mine.find(({ text }) => !asked.has(text ?? ''));
  if (invented !== undefined) problems.push(`${name} never wrote "${invented.text}"`);
  return problems;
}

/** Each message says what its writer made of it last; where an engine was killed, that or what it said before. */
function unchanged({ name, rows, changes }: Side): string[] {
  const byId = new Map(rows.filter(({ from }) => from === 'me').map((row) => [row.id, row]));
  const wishes = Map.groupBy(changes, ({ id }) => id);
  return [...wishes].flatMap(([id, wished]) => {
    const row = byId.get(id);
    const now = row?.kind === 'withdrawn' ? undefined : (row?.editedText ?? row?.text);
    const lastConfirmed = wished.findLastIndex(({ isConfirmed }) => isConfirmed);
    const allowed = wished.slice(Math.max(0, lastConfirmed)).map(({ text }) => text);
    if (lastConfirmed < 0) allowed.push(row?.text);
    return row !== undefined && allowed.includes(now)
      ? []
      : [`${name}'s ${id} says "${now}" and not "${allowed}"`];
  });
}

/** Entry by entry, as it was said: number, id, time and every word. */
function different(writer: Side, reader: Side): string[] {
  const said = writer.rows.filter(({ from }) => from === 'me');
  const heard = reader.rows.filter(({ from }) => from === 'peer');
  const whats = said.map((row, i) => [row, heard[i]] as const);
  const wrong = whats.find(([mine, theirs]) => theirs === undefined || !isSame(mine, theirs));
  if (wrong !== undefined)
    return [
      `${reader.name} has ${JSON.stringify(wrong[1])} for ${writer.name}'s ${JSON.stringify(wrong[0])}`,
    ];
  return heard.length === said.length
    ? []
    : [`${reader.name} has ${heard.length} entries of ${writer.name}'s ${said.length}`];
}

function isSame(mine: StoredRow, theirs: StoredRow): boolean {
  return JSON.stringify(seenBy('me', mine)) === JSON.stringify(seenBy('peer', theirs));
}

/** The same from either side. Of what was taken back nothing else counts. */
function seenBy(
  writer: StoredRow['from'],
  { from: _from, editedText, reactions, text: _text, ...row }: StoredRow,
) {
  if (row.kind === 'withdrawn') return row;
  const byWhom = (reaction: string) =>
    reaction.replace(/^\w+/, (from) => (from === writer ? 'writer' : 'reader'));
  return { ...row, editedText, reactions: reactions.map(byWhom).sort() };
}

/** No state is shown before its cause, and no text is confirmed before it is stored. */
function early(side: Side, other: Side): string[] {
  const mine = firstTimes(side);
  const theirs = firstTimes(other);
  const seen = other.looked;
  const causes: Causes = {
    shown: ({ from, number }, at) => isBy(mine[from].get(number), at),
    sent: (number, at) => isBy(mine.written.get(number), at),
    delivered: (number, at) => isBy(theirs.peer.get(number), at),
    read: (number, at) => seen.some((look) => look.upTo >= number && look.at <= at),
  };
  const claims = side.testimonies.flatMap((told) => wrongly(side.name, told, causes));
  const answers = side.attempts.filter(
    ({ number, answeredAt }) => number !== undefined && !isBy(mine.me.get(number), answeredAt ?? 0),
  );
  return [
    ...claims,
    ...answers.map(({ text }) => `${side.name}'s "${text}" was confirmed before it was stored`),
  ];
}

interface Causes {
  shown(claim: Extract<Claim, { kind: 'shown' }>, at: Millis): boolean;
  sent(number: number, at: Millis): boolean;
  delivered(number: number, at: Millis): boolean;
  read(number: number, at: Millis): boolean;
}

function wrongly(name: string, told: Testimony, causes: Causes): string[] {
  if (told.kind === 'shown')
    return causes.shown(told, told.at) ? [] : [`${name} was shown ${told.number} of ${told.from} too early`];
  if (told.kind !== 'receipts') return [];
  const states = ['sent', 'delivered', 'read'] as const;
  return states
    .filter((state) => told.receipts[state] > 0 && !causes[state](told.receipts[state], told.at))
    .map((state) => `${name} was told that ${told.receipts[state]} is ${state} too early`);
}

interface FirstTimes {
  readonly me: ReadonlyMap<number, Millis>;
  readonly peer: ReadonlyMap<number, Millis>;
  readonly written: ReadonlyMap<number, Millis>;
}

/**
 * What was being stored when the engine was killed, and is there in the end, was stored by the time that the next one started.
 */
function firstTimes({ testimonies, rows }: Side): FirstTimes {
  const first = {
    me: new Map<number, Millis>(),
    peer: new Map<number, Millis>(),
    written: new Map<number, Millis>(),
  };
  const isThere = new Set(rows.map(({ from, number }) => `${from} ${number}`));
  let storing: Extract<Testimony, { kind: 'storing' }>[] = [];
  const note = (times: Map<number, Millis>, number: number, at: Millis) =>
    times.has(number) || times.set(number, at);
  for (const told of testimonies) {
    if (told.kind === 'storing') storing.push(told);
    if (told.kind === 'stored') note(first[told.from], told.number, told.at);
    if (told.kind === 'written') note(first.written, told.number, told.at);
    if (told.kind !== 'started') continue;
    for (const { from, number } of storing)
      if (isThere.has(`${from} ${number}`)) note(first[from], number, told.at);
    storing = [];
  }
  return first;
}

function isBy(cause: Millis | undefined, at: Millis): boolean {
  return cause !== undefined && cause <= at;
}

/** What was told never gets less: read is within delivered, delivered within sent, and each only grows over all restarts. */
function stepsBack({ name, testimonies }: Side): string[] {
  const problems: string[] = [];
  let before: Receipts = { sent: 0, delivered: 0, read: 0 };
  for (const told of testimonies) {
    if (told.kind !== 'receipts') continue;
    const { sent, delivered, read } = told.receipts;
    if (read > delivered || delivered > sent)
      problems.push(`${name} was told ${JSON.stringify(told.receipts)}`);
    if (delivered < before.delivered || read < before.read)
      problems.push(`${name} was told ${JSON.stringify(told.receipts)} after ${JSON.stringify(before)}`);
    before = told.receipts;
  }
  return [...problems, ...shownTwice(name, testimonies)];
}

function shownTwice(name: string, testimonies: readonly Testimony[]): string[] {
  const last = { me: 0, peer: 0 };
  const problems: string[] = [];
  for (const told of testimonies) {
    if (told.kind !== 'shown') continue;
    if (told.number <= last[told.from])
      problems.push(`${name} was shown ${told.number} of ${told.from} after ${last[told.from]}`);
    last[told.from] = told.number;
  }
  return problems;
}
