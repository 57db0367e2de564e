// A store that tells how long each of its calls took, those of course clients too, which it could not answer, and, in the log,
// why not.

import type { Millis } from '../../src/base/clock.ts';
import type { Logger } from '../../src/base/logger.ts';
import type { Metrics, StoreCall } from '../metrics.ts';
import type { NameKeys } from '../nameKeys.ts';
import { reasonOf } from '../startError.ts';
import type { ClassicDialect, ClassicName, ClassicRecords, ClassicRegistration } from './classicRecords.ts';
import { type Claim, type PageQuery, type Registration, type Store, StoreAway } from './store.ts';

/** However many calls are refused, the log says it so often. */
const TELL_AGAIN_MS = 60_000;

export class MeasuredStore implements Store {
  readonly classic: ClassicRecords;
  readonly #store: Store;
  readonly #measure: Measure;

  constructor(store: Store, metrics: Metrics, log: Logger) {
    this.#measure = measureOf(metrics, refusalsTold(log));
    this.classic = new MeasuredClassic(store.classic, this.#measure);
    this.#store = store;
  }

  register(registration: Registration, now: Millis) {
    return this.#measure('register', () => this.#store.register(registration, now));
  }

  signOff(claim: Claim, now: Millis) {
    return this.#measure('signOff', () => this.#store.signOff(claim, now));
  }

  release(claim: Claim, now: Millis) {
    return this.#measure('release', () => this.#store.release(claim, now));
  }

  find(keys: NameKeys, now: Millis) {
    return this.#measure('find', () => this.#store.find(keys, now));
  }

  page(query: PageQuery, now: Millis) {
    return this.#measure('page', () => this.#store.page(query, now));
  }

  ping() {
    return this.#measure('ping', () => this.#store.ping());
  }

  close() {
    return this.#store.close();
  }
}

class MeasuredClassic implements ClassicRecords {
  readonly #records: ClassicRecords;
  readonly #measure: Measure;

  constructor(records: ClassicRecords, measure: Measure) {
    this.#records = records;
    this.#measure = measure;
  }

  register(registration: ClassicRegistration, now: Millis) {
    return this.#measure('classicRegister', () => this.#records.register(registration, now));
  }

  find(name: ClassicName, now: Millis) {
    return this.#measure('classicFind', () => this.#records.find(name, now));
  }

  names(dialect: ClassicDialect, now: Millis) {
    return this.#measure('classicNames', () => this.#records.names(dialect, now));
  }
}

type Measure = <T>(call: StoreCall, work: () => Promise<T>) => Promise<T>;

function measureOf(metrics: Metrics, tellRefusal: (error: StoreAway) => void): Measure {
  return async (call, work) => {
    const startedAt = performance.now();
    let isAway = false;
    try {
      return await work();
    } catch (error) {
      isAway = error instanceof StoreAway;
      if (error instanceof StoreAway) tellRefusal(error);
      throw error;
    } finally {
      metrics.storeCalled(call, performance.now() - startedAt, isAway);
    }
  };
}

/** A store that is there and refuses (a full disk, memory that is all used), for whoever has to see to it: now and then. */
function refusalsTold(log: Logger): (error: StoreAway) => void {
  let tellAgainAt = 0;
  return (error) => {
    const now = performance.now();
    if (error.isCutOff || now < tellAgainAt) return;
    tellAgainAt = now + TELL_AGAIN_MS;
    const cause = reasonOf(error);
    log.warn(`the store does not do what it is asked (${cause}); answering 503`, { cause });
  };
}
