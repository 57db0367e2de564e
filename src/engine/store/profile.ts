// Who I want to be, and where: what survives a restart of the engine. One row.

import type { Database, Statement } from './database.ts';

export interface Profile {
  /** Absent while signed out. */
  readonly name?: string | undefined;
  readonly registryUrl?: string | undefined;
}

const UPSERT =
  'INSERT INTO profile (id, name, registryUrl, port) VALUES (1, :name, :registryUrl, :port) ON CONFLICT (id)';

export class ProfileTable {
  readonly #get: Statement<Profile>;
  readonly #set: Statement<never>;
  readonly #port: Statement<{ readonly port: number }>;
  readonly #setPort: Statement<never>;

  constructor(database: Database) {
    this.#get = database.prepare('SELECT name, registryUrl FROM profile WHERE id = 1');
    this.#set = database.prepare(`${UPSERT} DO UPDATE SET name = :name, registryUrl = :registryUrl`);
    this.#port = database.prepare('SELECT port FROM profile WHERE id = 1');
    this.#setPort = database.prepare(`${UPSERT} DO UPDATE SET port = :port WHERE port IS NOT :port`);
  }

  get(): Profile {
    return this.#get.get() ?? {};
  }

  /** Replaces the whole profile. */
  set({ name, registryUrl }: Profile): void {
    this.#set.run({ name, registryUrl, port: undefined });
  }

  /** The port that the engine before this one had, where people who know me still look for me. */
  get lastPort(): number | undefined {
    return this.#port.get()?.port;
  }

  set lastPort(port: number) {
    this.#setPort.run({ port, name: undefined, registryUrl: undefined });
  }
}
