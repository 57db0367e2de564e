// One instance of a registry for each test, and sockets that are closed when it ends.

import { type Instance, startInstance } from './instance.ts';
import { type Key, SignalClient } from './signalClient.ts';

export interface Room {
  readonly instance: Instance;
  /** With a key that is proven. */
  open(key?: Key): Promise<SignalClient>;
  /** Connected, and nothing said. */
  stranger(): Promise<SignalClient>;
}

/** Call it in a `describe`. */
export function roomForEach(): Room {
  let instance: Instance | undefined;
  const clients: SignalClient[] = [];
  const here = () => {
    if (instance === undefined) throw new Error('only in a test');
    return instance;
  };
  const kept = async (opening: Promise<SignalClient>) => {
    const client = await opening;
    clients.push(client);
    return client;
  };
  beforeEach(async () => {
    instance = await startInstance();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await instance?.close();
  });
  return {
    get instance() {
      return here();
    },
    open: (key) => kept(SignalClient.open(here().url, key)),
    stranger: () => kept(SignalClient.stranger(here().url)),
  };
}
