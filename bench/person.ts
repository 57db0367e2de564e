// A person of the benchmark: an engine, what it shows, and a way to wait for it. In this process or in one of its own.

import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { RpcClient, type StreamedEvent } from '../src/contract/rpc.ts';
import type { Event } from '../src/contract/state.ts';
import { Engine } from '../src/engine/engine.ts';
import { EngineChild } from '../src/peer/engineChild.ts';
import { PromptReader } from '../src/pipe/promptReader.ts';
import { PromptWriter } from '../src/pipe/promptWriter.ts';

const HOST = '127.0.0.1';

export class Person {
  readonly rpc: RpcClient;
  readonly close: () => Promise<void>;
  readonly #listeners = new Set<(event: Event) => void>();

  private constructor(
    rpcOf: (onEvent: (event: StreamedEvent) => void) => RpcClient,
    close: () => Promise<void>,
  ) {
    this.rpc = rpcOf(({ event }) => {
      for (const listener of this.#listeners) listener(event);
    });
    this.close = close;
  }

  static async inThisProcess(folder: string): Promise<Person> {
    const start = {
      dataDir: folder,
      port: 0,
      listenHost: HOST,
      downloadFolder: join(folder, 'received'),
      autoAccept: false,
    };
    const engine = await Engine.start(start, () => undefined);
    const up = new PassThrough();
    const down = new PassThrough();
    engine.seat(new PromptReader(up), new PromptWriter(down));
    const rpcOf = (onEvent: (event: StreamedEvent) => void) =>
      new RpcClient(new PromptReader(down), new PromptWriter(up), onEvent, () => undefined);
    return new Person(rpcOf, () => engine.close());
  }

  static async inItsOwn(folder: string): Promise<Person> {
    let child: EngineChild | undefined;
    const rpcOf = (onEvent: (event: StreamedEvent) => void) => {
      child = new EngineChild({ name: '', registryUrl: '', dataDir: folder, host: HOST }, onEvent);
      return child.rpc;
    };
    return new Person(rpcOf, async () => child?.stop());
  }

  /** Signs up, and hears events from now on. */
  async signUp(name: string, registryUrl: string): Promise<void> {
    await this.rpc.request('attach', { version: 'bench' });
    await this.rpc.request('signUp', { name, registryUrl });
  }

  /** Resolves with what `pick` finds in an event; rejects after a while. */
  next<T>(pick: (event: Event) => T | undefined, patienceMs = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`nothing came in ${patienceMs} ms: ${pick}`)),
        patienceMs,
      );
      const listener = (event: Event) => {
        const found = pick(event);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(found);
      };
      this.#listeners.add(listener);
    });
  }
}
