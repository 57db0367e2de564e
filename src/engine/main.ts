// Where an engine starts: as a worker of an editor's window, or headless with JSON-RPC on stdin and stdout.
// From here on nobody knows which of the two it was.

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type Logger, type LogLine, loggerOf } from '../base/logger.ts';
import type { EngineStart, FromEngine, ToEngine } from '../contract/engineStart.ts';
import { FailureError, failure } from '../contract/failure.ts';
import { PromptReader } from '../pipe/promptReader.ts';
import { PromptWriter } from '../pipe/promptWriter.ts';
import { Engine } from './engine.ts';
import { type HeadlessOptions, parseHeadless, USAGE, writtenLine } from './headless.ts';
import { StoreBusy } from './store/storeBusy.ts';

if (isMainThread) await startHeadless(process.argv.slice(2));
else await startWorker(workerData as EngineStart);

async function startWorker(start: EngineStart): Promise<void> {
  const tell = (message: FromEngine) => parentPort?.postMessage(message);
  const log = (line: LogLine) => tell({ kind: 'log', line });
  reportBugs(loggerOf('engine', log));
  try {
    const engine = await Engine.start(start, log);
    const stop = async () => {
      await engine.close();
      process.exit(0);
    };
    parentPort?.on('message', (message: ToEngine) => message.kind === 'stop' && stop());
    void engine.outdated.then((newer) => {
      log({ level: 'info', room: 'engine', text: `makes room for version ${newer}` });
      return stop();
    });
    await engine.listen(start.pipeAddress);
    tell({ kind: 'listening' });
  } catch (error) {
    tell(
      error instanceof StoreBusy
        ? { kind: 'busy' }
        : { kind: 'failed', failure: failureOf(error, start.dataDir) },
    );
    // Lets the message leave before the worker does.
    setImmediate(() => process.exit(0));
  }
}

async function startHeadless(args: readonly string[]): Promise<void> {
  const options = parseHeadless(args);
  if (typeof options === 'string')
    return exit(options === '' ? USAGE : `${options}\n${USAGE}`, options === '' ? 0 : 2);
  const log = (line: LogLine) => process.stderr.write(writtenLine(line, options.logFormat));
  reportBugs(loggerOf('engine', log));
  try {
    await runHeadless(options, await Engine.start(options.start, log));
  } catch (error) {
    if (error instanceof StoreBusy) return exit(`another engine uses ${options.start.dataDir}`, 1);
    if (error instanceof FailureError) return exit(error.message, 1);
    throw error;
  }
}

async function runHeadless({ signUp }: HeadlessOptions, engine: Engine): Promise<void> {
  const stop = async () => {
    await engine.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    if (signUp !== undefined) await engine.signUp(signUp);
  } catch (error) {
    // Its ports and its database would keep this process alive.
    await engine.close();
    throw error;
  }
  engine.seat(new PromptReader(process.stdin), new PromptWriter(process.stdout), stop);
}

/** A bug is never caught to go on: what is stored is safe, and whoever started this engine starts another. */
function reportBugs(log: Logger): void {
  const end = (error: unknown) => {
    log.error('this engine ends', error);
    setImmediate(() => process.exit(1));
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function failureOf(error: unknown, dataDir: string) {
  if (error instanceof FailureError) return error.failure;
  // What the system says is known by its code in every language; anything else is a bug, and speaks for itself.
  const { syscall, code, path = dataDir } = error as NodeJS.ErrnoException;
  const isOfSystem = syscall !== undefined && code !== undefined;
  const text = error instanceof Error ? error.message : String(error);
  return failure('databaseUnusable', { path, detail: isOfSystem ? code : text });
}

function exit(text: string, code: number): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
