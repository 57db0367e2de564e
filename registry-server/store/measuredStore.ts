// A store that tells how long each of its calls took, and which it could not answer.

import type { Millis } from '../../src/base/clock.ts';
import type { Metrics, StoreCall } from '../metrics.ts';
import type { NameKeys } from '../nameKeys.ts';
import { type Claim, type PageQuery, type Registration, type Store, StoreAway } from './store.ts';

export class MeasuredStore implements Store {
  readonly classic: Store['classic'];
  readonly #store: Store;
  readonly #metrics: Metrics;

  constructor(store: Store, metrics: Metrics) {
    this.classic = store.classic;
    this.#store = store;
    this.#metrics = metrics;
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

  async #measure<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let isAway = false;
    try {
      return await work();
    } catch (error) {
      isAway = error instanceof StoreAway;
      throw error;
    } finally {
      this.#metrics.storeCalled(call, performance.now() - startedAt, isAway);
    }
  }
}
