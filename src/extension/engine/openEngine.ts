// The engine as this window uses it: worker, pipe and clock behind the ports of the client. Nothing is started here.

import type { Disposable } from '../../base/disposable.ts';
import type { LogLine } from '../../base/logger.ts';
import type { EngineStart } from '../../contract/engineStart.ts';
import { after } from '../after.ts';
import { EngineClient } from './engineClient.ts';
import { EngineHost } from './engineHost.ts';
import { pipeAddressOf, surroundings } from './pipeAddress.ts';

export interface EngineOptions {
  readonly version: string;
  /** Path of the built engine. */
  readonly script: string;
  readonly dataDir: string;
  /** The rest of the start data, read when a worker starts. */
  settings(): Omit<EngineStart, 'dataDir' | 'pipeAddress' | 'version'>;
  log(line: LogLine): void;
}

export interface OpenEngine extends Disposable {
  readonly client: EngineClient;
  /** The engine runs in this window. */
  readonly isHosting: boolean;
  /** Lets the window go, and the engine too where this window hosts it; within seconds. */
  close(): Promise<void>;
}

export function openEngine({ version, script, dataDir, settings, log }: EngineOptions): OpenEngine {
  const address = () => pipeAddressOf(dataDir, surroundings());
  const host = new EngineHost(script, log);
  const client = new EngineClient({
    // Not before somebody needs an engine: what a connection is made of takes longer to load than all features together.
    connect: async (listeners) => {
      const { connect } = await import('./connect.ts');
      return connect({ address: address(), dataDir }, version, listeners);
    },
    host: () => host.host(() => ({ dataDir, pipeAddress: address(), version, ...settings() })),
    // Somebody who sets the time back while this window waits must not make it wait for that long.
    clock: { now: () => performance.now() },
    startTimer: after,
    random: () => Math.random(),
  });
  const dispose = () => client.dispose();
  const close = () => {
    dispose();
    return host.close();
  };
  return {
    client,
    get isHosting() {
      return host.isListening;
    },
    dispose,
    close,
  };
}
