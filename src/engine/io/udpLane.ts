// One session's part of the way from a UdpSocket to one address (laneSocket.ts).

import type { Disposable } from '../../base/disposable.ts';
import type { LaneSocket } from './laneSocket.ts';

export class UdpLane implements Disposable {
  #shared: LaneSocket | undefined;

  constructor(shared: LaneSocket) {
    this.#shared = shared;
    shared.join();
  }

  /** As `UdpSocket.send`. */
  send(bytes: Uint8Array): void {
    this.#shared?.send(bytes);
  }

  dispose(): void {
    const shared = this.#shared;
    this.#shared = undefined;
    shared?.leave();
  }
}
