// Typed requests and one ordered stream of events over a vscode-jsonrpc connection, for both ends of a pipe or of stdio.

import {
  type CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
  ResponseError,
} from 'vscode-jsonrpc';
import type { Disposable } from '../base/disposable.ts';
import { type CommandName, commands, type ParamsOf, type ResultOf } from './commands.ts';
import { FailureError, fail, isFailure } from './failure.ts';
import type { Event } from './state.ts';

/** An event of the engine's stream; `revision` is the state's after it. */
export interface StreamedEvent {
  readonly revision: number;
  readonly event: Event;
}

const EVENT = 'event';
const STEPPING_DOWN = 'steppingDown';
/** The JSON-RPC error code of every Failure; `data` holds it. Outside the range JSON-RPC reserves. */
const FAILURE_CODE = 1;

/** Ends a request early: `aborted` says so at any time, `onAbort` once. An AbortSignal has this shape. */
export interface Abort {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The window's end. Rejects what is pending with `engineGone` when the connection closes. */
export class RpcClient implements Disposable {
  readonly #connection: MessageConnection;

  constructor(
    reader: MessageReader,
    writer: MessageWriter,
    onEvent: (event: StreamedEvent) => void,
    onClose: () => void,
    onSteppingDown: () => void = () => undefined,
  ) {
    this.#connection = createMessageConnection(reader, writer);
    this.#connection.onNotification(EVENT, onEvent);
    this.#connection.onNotification(STEPPING_DOWN, onSteppingDown);
    closeOnce(this.#connection, onClose);
    this.#connection.listen();
  }

  /**
   * Throws FailureError for everything a person may meet; any other error is a bug on the other side. What was aborted before the
   * engine came to it does not begin there, and is rejected with `engineGone`.
   */
  async request<Name extends CommandName>(
    name: Name,
    params: ParamsOf<Name>,
    abort?: Abort,
  ): Promise<ResultOf<Name>> {
    if (abort?.aborted) throw fail('engineGone', {});
    const cancel = new CancellationTokenSource();
    const onAbort = () => cancel.cancel();
    abort?.addEventListener('abort', onAbort);
    try {
      return await this.#connection.sendRequest<ResultOf<Name>>(commands[name].name, params, cancel.token);
    } catch (error) {
      throw failureOf(error);
    } finally {
      abort?.removeEventListener('abort', onAbort);
      cancel.dispose();
    }
  }

  dispose(): void {
    this.#connection.dispose();
  }
}

/** Params are an object or null: vscode-jsonrpc passes null on as `null`, never as an absent argument. */
export type Handlers = {
  readonly [Name in CommandName]: (
    params: ParamsOf<Name>,
    abort: Abort,
  ) => Promise<ResultOf<Name>> | ResultOf<Name>;
};

/** The engine's end: one seat. */
export class RpcServer implements Disposable {
  readonly #connection: MessageConnection;
  #isGone = false;

  constructor(reader: MessageReader, writer: MessageWriter, handlers: Handlers, onClose: () => void) {
    this.#connection = createMessageConnection(reader, writer);
    for (const name of Object.keys(commands) as CommandName[]) this.#serve(name, handlers[name] as Handler);
    closeOnce(this.#connection, () => {
      this.#isGone = true;
      onClose();
    });
    this.#connection.listen();
  }

  /** In order; dropped when the connection is gone, as the seat then attaches anew. */
  send(event: StreamedEvent): void {
    if (this.#isGone) return;
    this.#connection.sendNotification(EVENT, event).catch(() => this.dispose());
  }

  /** This engine ends for one of a newer build, which this window should not try to be quicker than. Resolves when it was said. */
  async sayThatItStepsDown(): Promise<void> {
    if (!this.#isGone) await this.#connection.sendNotification(STEPPING_DOWN).catch(() => undefined);
  }

  dispose(): void {
    this.#isGone = true;
    this.#connection.dispose();
  }

  #serve(name: CommandName, handler: Handler): void {
    this.#connection.onRequest(commands[name].name, async (params: unknown, token: CancellationToken) => {
      try {
        // Read late, with the word that nobody waits for it any more: what was taken to have failed must not happen after all.
        if (token.isCancellationRequested) throw fail('engineGone', {});
        return (await handler(params, abortOf(token))) ?? null;
      } catch (error) {
        throw responseErrorOf(error);
      }
    });
  }
}

type Handler = (params: unknown, abort: Abort) => unknown;

/** vscode-jsonrpc rejects pending requests on dispose() only, not when the stream closes. */
function closeOnce(connection: MessageConnection, onClose: () => void): void {
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    connection.dispose();
    onClose();
  };
  connection.onClose(close);
  connection.onError(close);
}

function abortOf(token: CancellationToken): Abort {
  const subscriptions = new Map<() => void, { dispose(): void }>();
  return {
    get aborted() {
      return token.isCancellationRequested;
    },
    addEventListener: (_type, listener) =>
      void subscriptions.set(listener, token.onCancellationRequested(listener)),
    removeEventListener: (_type, listener) => subscriptions.get(listener)?.dispose(),
  };
}

function responseErrorOf(error: unknown): unknown {
  if (!(error instanceof FailureError)) return error;
  return new ResponseError(FAILURE_CODE, error.message, error.failure);
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return fail('engineGone', {}, error);
  if (error.code === FAILURE_CODE && isFailure(error.data))
    return new FailureError(error.data, { cause: error });
  if (error.code === ErrorCodes.PendingResponseRejected) return fail('engineGone', {}, error);
  return error;
}
