// The people I know: pinned by key, with what I have decided about them and where they were last.

import type { Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Standing } from '../../contract/peer.ts';
import type { Database, Parameters, Statement } from './database.ts';

export interface Contact {
  readonly fingerprint: Fingerprint;
  readonly name: string;
  readonly standing: Standing;
  /** We want a link: dial again when they appear. */
  readonly connectWanted: boolean;
  readonly lastSeenAt?: Millis | undefined;
  /** Addresses without port, best first. */
  readonly hosts: readonly string[];
  readonly tcpPort?: number | undefined;
  /** The key that the registry gives this person's name to, where it is not theirs. */
  readonly nameConflict?: Fingerprint | undefined;
  /** When my person said that our safety codes are the same. */
  readonly verifiedAt?: Millis | undefined;
  /** Whether their files are taken without asking; absent: as the setting says. */
  readonly autoAccept?: boolean | undefined;
}

type Row = Omit<Contact, 'hosts' | 'connectWanted' | 'autoAccept'> & {
  readonly hosts: string;
  readonly connectWanted: number;
  readonly autoAccept?: number;
};

/** People who are nothing to me and with whom I never spoke: keys cost nothing, so their number has a bound. */
export const MAX_STRANGERS = 1_000;

const MUTABLE = [
  'name',
  'standing',
  'connectWanted',
  'lastSeenAt',
  'hosts',
  'tcpPort',
  'nameConflict',
  'verifiedAt',
  'autoAccept',
] as const;
const list = (prefix = '') => MUTABLE.map((name) => prefix + name).join(', ');
const COLUMNS = `fingerprint, ${list()}`;

export const CONTACTS_SQL = {
  all: `SELECT ${COLUMNS} FROM contacts`,
  get: `SELECT ${COLUMNS} FROM contacts WHERE fingerprint = :fingerprint`,
  // Written only when something differs, as each write waits for the disk: whoever is dialled is learned of again and again.
  put: `INSERT INTO contacts (${COLUMNS}) VALUES (:fingerprint, ${list(':')})
    ON CONFLICT (fingerprint) DO UPDATE SET (${list()}) = (${list(':')}) WHERE (${list()}) IS NOT (${list(':')})`,
  forgetStrangers: `DELETE FROM contacts WHERE fingerprint IN (
    SELECT fingerprint FROM contacts WHERE standing = 'unknown' AND connectWanted = 0
    ORDER BY lastSeenAt DESC LIMIT -1 OFFSET ${MAX_STRANGERS})
    AND fingerprint <> :fingerprint AND verifiedAt IS NULL
    AND NOT EXISTS (SELECT 1 FROM conversations WHERE peer = fingerprint)`,
} as const;

export class ContactsTable {
  readonly #database: Database;
  readonly #all: Statement<Row>;
  readonly #get: Statement<Row>;
  readonly #put: Statement<never>;
  readonly #forgetStrangers: Statement<never>;

  constructor(database: Database) {
    this.#database = database;
    this.#all = database.prepare(CONTACTS_SQL.all);
    this.#get = database.prepare(CONTACTS_SQL.get);
    this.#put = database.prepare(CONTACTS_SQL.put);
    this.#forgetStrangers = database.prepare(CONTACTS_SQL.forgetStrangers);
  }

  all(): Contact[] {
    return this.#all.all().map(contactOf);
  }

  get(fingerprint: Fingerprint): Contact | undefined {
    const row = this.#get.get({ fingerprint });
    return row === undefined ? undefined : contactOf(row);
  }

  /** Adds or replaces. Whether anything differs. A new stranger may push out the one who was seen longest ago (MAX_STRANGERS). */
  put(contact: Contact): boolean {
    return this.#database.transaction(() => {
      const isNews = this.#put.run(parametersOf(contact)) > 0;
      if (isNews && isStranger(contact)) this.#forgetStrangers.run({ fingerprint: contact.fingerprint });
      return isNews;
    });
  }
}

function isStranger({ standing, connectWanted }: Contact): boolean {
  return standing === 'unknown' && !connectWanted;
}

function contactOf(row: Row): Contact {
  const { autoAccept, ...contact } = row;
  return {
    ...contact,
    hosts: JSON.parse(row.hosts) as string[],
    connectWanted: row.connectWanted === 1,
    ...(autoAccept === undefined ? {} : { autoAccept: autoAccept === 1 }),
  };
}

function parametersOf({ hosts, ...contact }: Contact): Parameters {
  return {
    lastSeenAt: undefined,
    tcpPort: undefined,
    nameConflict: undefined,
    verifiedAt: undefined,
    autoAccept: undefined,
    ...contact,
    hosts: JSON.stringify(hosts),
  };
}
