// One seat at the engine: a connection over the pipe, attached. The only place where the extension opens one.

import type { Disposable } from '../../base/disposable.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import { RpcClient, type StreamedEvent } from '../../contract/rpc.ts';
import type { State } from '../../contract/state.ts';
import { CONTRACT } from '../../contract/versions.ts';
import { connectPipe } from '../../pipe/pipeEnd.ts';
import { inTime } from '../inTime.ts';
import { isGenuineEngine } from './genuineEngine.ts';
import { claimSocketFolder } from './pipeAddress.ts';

export interface Seat extends Disposable {
  readonly rpc: RpcClient;
  /** The state when the seat was taken. */
  readonly snapshot: State;
  /** Asks for another snapshot; the events after it follow. */
  attachAgain(): Promise<State>;
}

export interface SeatListeners {
  onEvent(event: StreamedEvent): void;
  onClosed(): void;
  /** The engine ends for that of a newer window; `onClosed` follows. */
  onSteppingDown(): void;
}

/** An engine that accepts the connection answers at once; one that is stuck counts as gone. */
const ATTACH_TIMEOUT_MS = 3_000;

export interface EnginePlace {
  /** Of the pipe. */
  readonly address: string;
  /** Of the engine that is to be there. */
  readonly dataDir: string;
}

/**
 * Rejects when nothing answers in time or the key of the data folder cannot be read, and with FailureError windowOutdated where
 * this build is too old, pipeUnusable where others could listen, or do.
 */
export async function connect(
  { address, dataDir }: EnginePlace,
  version: string,
  listeners: SeatListeners,
): Promise<Seat> {
  await claimSocketFolder(address);
  const [reader, writer] = connectPipe(address);
  const { onEvent, onClosed, onSteppingDown } = listeners;
  let isGenuine = false;
  const hear = (event: StreamedEvent) => isGenuine && onEvent(event);
  const rpc = new RpcClient(reader, writer, hear, onClosed, onSteppingDown);
  const dispose = () => {
    rpc.dispose();
    writer.dispose();
    reader.dispose();
  };
  const attachAgain = () => inTime(rpc.request('attach', { version, contract: CONTRACT }), ATTACH_TIMEOUT_MS);
  try {
    isGenuine = await isGenuineEngine(dataDir, (challenge) => proofBy(rpc, challenge));
    // An engine of a build that cannot prove anything makes room at this; nobody else learns more of it than a version.
    const snapshot = await attachAgain();
    if (!isGenuine) throw fail('pipeUnusable', { path: address, detail: 'notOurs' });
    return { rpc, snapshot, attachAgain, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Nothing, where the question is not known. */
async function proofBy(rpc: RpcClient, challenge: string): Promise<string> {
  try {
    const { signature } = await inTime(rpc.request('prove', { challenge }), ATTACH_TIMEOUT_MS);
    return String(signature);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    return '';
  }
}
