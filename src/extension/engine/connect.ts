// One seat at the engine: a connection over the pipe, attached. The only place where the extension opens one.

import type { Disposable } from '../../base/disposable.ts';
import { RpcClient, type StreamedEvent } from '../../contract/rpc.ts';
import type { State } from '../../contract/state.ts';
import { CONTRACT } from '../../contract/versions.ts';
import { connectPipe } from '../../pipe/pipeEnd.ts';
import { inTime } from '../inTime.ts';
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

/**
 * Rejects when nothing answers at `address` in time, and with FailureError windowOutdated where this build is too old, pipeUnusable
 * where others could listen there.
 */
export async function connect(address: string, version: string, listeners: SeatListeners): Promise<Seat> {
  await claimSocketFolder(address);
  const [reader, writer] = connectPipe(address);
  const { onEvent, onClosed, onSteppingDown } = listeners;
  const rpc = new RpcClient(reader, writer, onEvent, onClosed, onSteppingDown);
  const dispose = () => {
    rpc.dispose();
    writer.dispose();
    reader.dispose();
  };
  const attachAgain = () => inTime(rpc.request('attach', { version, contract: CONTRACT }), ATTACH_TIMEOUT_MS);
  try {
    return { rpc, snapshot: await attachAgain(), attachAgain, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
