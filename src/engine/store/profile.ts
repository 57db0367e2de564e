// Who I want to be, and where: what survives a restart of the engine. One row.

import type { Database, Statement } from './database.ts';

export interface Profile {
  /** Absent while signed out. */
  readonly name?: string | undefined;
  readonly registryUrl?: string | undefined;
}

export class ProfileTable {
  readonly #get: Statement<Profile>;
  readonly #set: Statement<never>;

  constructor(database: Database) {
    this.#get = database.prepare('SELECT name, registryUrl FROM profile WHERE id = 1');
    this.#set = database.prepare(
      'INSERT OR REPLACE INTO profile (id, name, registryUrl) VALUES (1, :name, :registryUrl)',
    );
  }

  get(): Profile {
    return this.#get.get() ?? {};
  }

  /** Replaces the whole profile. */
  set({ name, registryUrl }: Profile): void {
    this.#set.run({ name, registryUrl });
  }
}
