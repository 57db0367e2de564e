// Opens the store that the configuration names. What cannot be opened is a StartError with what to do.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../../src/base/logger.ts';
import { reasonOf, StartError } from '../startError.ts';
import type { RedisClient } from './connectRedis.ts';
import { parseRedisAddress } from './redisAddress.ts';
import type { SqliteStore } from './sqliteStore.ts';
import type { Store } from './store.ts';

export type StoreChoice =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'embedded'; readonly file: string };

export interface OpenedStore {
  readonly store: Store;
  readonly label: string;
  /** The store's own connection, for what instances tell each other; it ends with the store. */
  readonly redis?: RedisClient;
  /** Of a file: whether another process has written to it since this was asked last. */
  readonly isChangedElsewhere?: () => boolean;
}

/** The store, and what to call it in the ready line. Each kind is loaded only when it is used. */
export async function openStore(choice: StoreChoice, log: Logger): Promise<OpenedStore> {
  if (choice.kind === 'embedded') {
    const store = await openEmbedded(choice.file);
    const isChangedElsewhere = () => store.isChangedElsewhere();
    return { store, label: `embedded ${choice.file}`, isChangedElsewhere };
  }
  const [{ connectRedis }, { RedisStore }] = await Promise.all([
    import('./connectRedis.ts'),
    import('./redisStore.ts'),
  ]);
  const redis = await connectRedis(choice.url, log);
  return { store: new RedisStore(redis), label: `redis ${parseRedisAddress(choice.url)?.label}`, redis };
}

async function openEmbedded(file: string): Promise<SqliteStore> {
  const { SqliteStore } = await import('./sqliteStore.ts');
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return new SqliteStore(file);
  } catch (error) {
    const what = `the data file ${file} cannot be used (${reasonOf(error)})`;
    throw new StartError(`${what}. Name another with --data, or mend this one.`, { cause: error });
  }
}
