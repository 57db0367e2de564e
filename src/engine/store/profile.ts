// Who I want to be, and where: what survives a restart of the engine. One row.

import type { Millis } from '../../base/clock.ts';
import type { Database, Statement } from './database.ts';

export interface Profile {
  /** Mine, signed up or not; absent before the first sign-up and once it is given back. */
  readonly name?: string | undefined;
  /** Absent while signed out. */
  readonly registryUrl?: string | undefined;
}

const UPSERT = `INSERT INTO profile (id, name, registryUrl, port, doNotDisturbUntil)
  VALUES (1, :name, :registryUrl, :port, :doNotDisturbUntil) ON CONFLICT (id)`;
const NOTHING = { name: undefined, registryUrl: undefined, port: undefined, doNotDisturbUntil: undefined };

export class ProfileTable {
  readonly #get: Statement<Profile>;
  readonly #set: Statement<never>;
  readonly #port: Statement<{ readonly port: number }>;
  readonly #setPort: Statement<never>;
  readonly #doNotDisturb: Statement<{ readonly doNotDisturbUntil?: Millis }>;
  readonly #setDoNotDisturb: Statement<never>;

  constructor(database: Database) {
    this.#get = database.prepare('SELECT name, registryUrl FROM profile WHERE id = 1');
    this.#set = database.prepare(`${UPSERT} DO UPDATE SET name = :name, registryUrl = :registryUrl`);
    this.#port = database.prepare('SELECT port FROM profile WHERE id = 1');
    this.#setPort = database.prepare(`${UPSERT} DO UPDATE SET port = :port WHERE port IS NOT :port`);
    this.#doNotDisturb = database.prepare('SELECT doNotDisturbUntil FROM profile WHERE id = 1');
    this.#setDoNotDisturb = database.prepare(
      `${UPSERT} DO UPDATE SET doNotDisturbUntil = :doNotDisturbUntil
        WHERE doNotDisturbUntil IS NOT :doNotDisturbUntil`,
    );
  }

  get(): Profile {
    return this.#get.get() ?? {};
  }

  /** Replaces name and registry. */
  set({ name, registryUrl }: Profile): void {
    this.#set.run({ ...NOTHING, name, registryUrl });
  }

  /** The port that the engine before this one had, where people who know me still look for me. */
  get lastPort(): number | undefined {
    return this.#port.get()?.port;
  }

  set lastPort(port: number) {
    this.#setPort.run({ ...NOTHING, port });
  }

  /** Until when no window notifies my person. */
  get doNotDisturbUntil(): Millis | undefined {
    return this.#doNotDisturb.get()?.doNotDisturbUntil;
  }

  set doNotDisturbUntil(until: Millis | undefined) {
    this.#setDoNotDisturb.run({ ...NOTHING, doNotDisturbUntil: until });
  }
}
