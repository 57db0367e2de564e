// `npm run peer`: starts an engine and the person made of code in front of it, and ends both on a signal, or when whoever
// started it is gone.

import { fstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { FailureError } from '../contract/failure.ts';
import { DemoPeer } from './demoPeer.ts';
import { EngineChild, EngineEnd } from './engineChild.ts';
import { type PeerOptions, parsePeerOptions, USAGE } from './options.ts';
import { shareSome } from './shareSome.ts';

/** Starting an engine and signing up take seconds at most, a registry that does not answer included. */
const START_MS = 60_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const parsed = parsePeerOptions(process.argv.slice(2));
if (parsed.kind === 'help') console.log(USAGE);
else if (parsed.kind === 'wrong') fail(`${parsed.problem}\n${USAGE}`);
else await run(parsed.options);

async function run(options: PeerOptions): Promise<void> {
  if (!(await canKeep(options.dataDir))) return;
  const peer = new DemoPeer(options, say);
  const engine = new EngineChild(options, (event) => peer.take(event));
  const stopped = firstSignal();
  const started = start(peer, engine, options);
  try {
    await Promise.race([started, stopped, engineEnd(engine), deadline()]);
    await Promise.race([stopped, engineEnd(engine)]);
  } catch (error) {
    if (!(error instanceof FailureError || error instanceof EngineEnd)) throw error;
    fail(error.message);
  }
  await engine.stop();
  process.exit();
}

async function canKeep(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    return true;
  } catch (error) {
    fail(
      `Nothing can be kept in ${folder} (${(error as Error).message}). Choose another folder with --data.`,
    );
    return false;
  }
}

async function start(peer: DemoPeer, engine: EngineChild, options: PeerOptions): Promise<void> {
  const { name, host, dataDir } = options;
  try {
    const { addresses } = await peer.start(engine.rpc);
    console.log(`hamta peer ${name} ready on ${addresses[0] ?? host}`);
    // It answers without that, too.
    shareSome(engine.rpc, dataDir).catch((error: Error) => say(`Nothing is shared: ${error.message}`));
  } catch (error) {
    // Why it is gone is in what it said last, and comes with its end.
    if (error instanceof FailureError && error.failure.code === 'engineGone') await engineEnd(engine);
    throw error;
  }
}

async function engineEnd(engine: EngineChild): Promise<never> {
  await engine.ended;
  throw new EngineEnd(`The engine ended by itself. It said:\n${engine.lastWords}`);
}

async function deadline(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, START_MS).unref());
  throw new EngineEnd(`The engine did not start within ${START_MS / 1000} s.`);
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
    if (hasPipeFromItsStarter()) process.stdin.resume().once('close', () => resolve());
  });
}

/** A program that started it with a pipe is gone when that closes, however it ended. A terminal or /dev/null says nothing. */
function hasPipeFromItsStarter(): boolean {
  const stdin = fstatSync(0);
  return stdin.isFIFO() || stdin.isSocket();
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function fail(text: string): void {
  say(text);
  process.exitCode = 1;
}
