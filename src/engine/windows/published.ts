// The engine's own copy of what windows show, and the one ordered stream of events that changes it.

import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { StreamedEvent } from '../../contract/rpc.ts';
import { applyEvent, type Event, type State } from '../../contract/state.ts';

/** Before anything is known but whose engine it is. */
export function emptyState(fingerprint: Fingerprint): State {
  return {
    revision: 0,
    me: { fingerprint, addresses: [] },
    registry: { kind: 'off' },
    peers: {},
    transfers: {},
    conversations: {},
  };
}

export class Published implements Disposable {
  readonly #events = new Emitter<StreamedEvent>();
  #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  readonly onDidPublish = this.#events.event;

  get state(): State {
    return this.#state;
  }

  publish(event: Event): void {
    const revision = this.#state.revision + 1;
    this.#state = { ...applyEvent(this.#state, event), revision };
    this.#events.fire({ revision, event });
  }

  dispose(): void {
    this.#events.dispose();
  }
}
