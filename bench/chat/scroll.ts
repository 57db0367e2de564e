// A long conversation in a real VS Code: scrolled from its newest message to its oldest in one go, and back.

import type { Browser, JSHandle } from 'playwright-core';
import { type Chat, Person } from '../../test/editor/ui/person.ts';
import { launchBrowser } from '../../test/support/editor/browser.ts';
import { type Recorder, recordFrames, type Seen } from '../../test/support/editor/frameRecorder.ts';
import { startWithLongConversation } from '../../test/support/editor/longConversation.ts';
import { type Held, heldBy } from '../../test/support/editor/pageHeap.ts';
import { Town } from '../../test/support/engines.ts';
import { percentile } from '../statistics.ts';

/** As often as a key that is held repeats. */
const MOVES_PER_SECOND = 30;
/** CSS pixels of each turn of the wheel, nearly a screen: as one that was let spin. */
const TURN_PX = 900;
/** Between two looks at where the list is. */
const MOVES = 15;
const TENTHS = 10;
const STUCK_MS = 15_000;
const MIB = 2 ** 20;

export interface Journey {
  readonly what: string;
  readonly messages: number;
  readonly seconds: number;
  readonly seen: Seen;
  /** Before, and after each tenth of the way. */
  readonly held: readonly Held[];
}

/**
 * Rejects where the list does not get on. Exit code 1 where a message was left out or came out of its place, or a frame showed
 * nothing. For a machine with nothing else to do: one that draws a frame a second late passes over what lay between.
 */
export async function measureScroll(messages: number): Promise<Journey[]> {
  const browser = await launchBrowser();
  try {
    const journeys = await measureIn(browser, messages);
    if (journeys.some(({ seen }) => !isWhole(seen, messages))) process.exitCode = 1;
    return journeys;
  } finally {
    await browser.close();
  }
}

export function printScroll(journeys: readonly Journey[]): void {
  for (const { what, messages, seconds, seen, held } of journeys) {
    const late = seen.lateMs.length === 0 ? 'none' : `at most ${Math.max(...seen.lateMs).toFixed(0)} ms`;
    console.log(`\n${messages} messages in a real VS Code, ${what}, in ${seconds.toFixed(0)} s`);
    console.log(`  drawn, in order   ${seen.from} to ${seen.to}, ${seen.leftOut} left out`);
    console.log(`  frames            ${seen.frames}: ${seen.blank} with a blank part`);
    console.log(`                    ${seen.disordered} out of order, ${seen.backwards} backwards`);
    console.log(`  later than 50 ms  ${seen.lateMs.length} (${late}); ${longTasksIn(seen)} of the page`);
    console.log(`  elements          ${seen.elements} at most`);
    console.log(`  heap, MiB         ${held.map(({ heapBytes }) => (heapBytes / MIB).toFixed(1)).join(' ')}`);
    console.log(`  nodes held        ${held.map(({ nodes }) => nodes).join(' ')}`);
  }
}

async function measureIn(browser: Browser, count: number): Promise<Journey[]> {
  const town = await Town.open();
  const options = {
    name: 'sara',
    settings: { 'hamta.registryUrl': town.registryUrl },
    viewport: { width: 1600, height: 1200 },
  };
  const user = await startWithLongConversation(browser, options, { count });
  try {
    const sara = await Person.at(user);
    await sara.signUp('sara');
    await sara.peers.rowSaying('dara', 'away').waitFor();
    const chat = await sara.openChat('dara');
    await chat.message(`Message ${count} `).waitFor();
    const { mouse, keyboard } = sara.window.page;
    const trip = { count, sara, chat };
    await putPointerOn(sara, chat);
    const wheel = () => mouse.wheel(0, -TURN_PX);
    const up = await travel({ ...trip, what: 'up with the wheel', isUp: true, move: wheel });
    await chat.page.locator('.scroller').focus();
    const hold = () => keyboard.down('PageDown');
    const down = await travel({ ...trip, what: 'down with Page Down held', isUp: false, move: hold });
    return [up, down];
  } finally {
    await user.close();
    await town.close();
  }
}

interface Trip {
  readonly what: string;
  readonly count: number;
  readonly isUp: boolean;
  readonly sara: Person;
  readonly chat: Chat;
  move(): Promise<void>;
}

async function travel({ what, count, isUp, sara, chat, move }: Trip): Promise<Journey> {
  const scroller = chat.page.locator('.scroller');
  const holds = await heldBy(sara.window.page, scroller);
  const held = [await holds()];
  const recorder = await scroller.evaluateHandle(recordFrames, { count, isUp });
  const left = (at: number) => (isUp ? at - 1 : count - at) / (count - 1);
  const progress = new Progress();
  let seconds = 0;
  for (let at = isUp ? count : 1; left(at) > 0; progress.check(at)) {
    const from = performance.now();
    for (let i = 0; i < MOVES; i += 1) await Promise.all([move(), pause()]);
    seconds += (performance.now() - from) / 1000;
    at = await recorder.evaluate((each) => each.at());
    if (1 - left(at) >= held.length / TENTHS) held.push(await unrecorded(recorder, holds));
  }
  return { what, messages: count, seconds, seen: await recorder.evaluate((each) => each.end()), held };
}

class Progress {
  #at = 0;
  #since = performance.now();

  check(at: number): void {
    if (at !== this.#at) [this.#at, this.#since] = [at, performance.now()];
    if (performance.now() - this.#since > STUCK_MS) throw new Error(`it does not get on from message ${at}`);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 / MOVES_PER_SECOND));
}

async function unrecorded<Result>(
  recorder: JSHandle<Recorder>,
  measure: () => Promise<Result>,
): Promise<Result> {
  await recorder.evaluate((each) => each.pause());
  const result = await measure();
  await recorder.evaluate((each) => each.goOn());
  return result;
}

async function putPointerOn({ window }: Person, chat: Chat): Promise<void> {
  const box = await chat.page.locator('.scroller').boundingBox();
  if (box === null) throw new Error('the list is not in sight');
  await window.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}

function isWhole({ from, to, leftOut, blank, disordered, backwards }: Seen, count: number): boolean {
  return from === 1 && to === count && leftOut + blank + disordered + backwards === 0;
}

function longTasksIn({ longTasksMs }: Seen): string {
  if (longTasksMs.length === 0) return 'no long task';
  const [median, most] = [percentile(longTasksMs, 0.5), Math.max(...longTasksMs)];
  return `${longTasksMs.length} long tasks (median ${median.toFixed(0)}, at most ${most.toFixed(0)} ms)`;
}
