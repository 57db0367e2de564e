// How far a file on its way is, as both ends show it: over all its sessions, tries and carriers.

import type { Clock } from '../../base/clock.ts';
import type { CarrierKind, TransferState } from '../../contract/transfer.ts';
import { ProgressMeter } from './progressMeter.ts';

export class RunProgress {
  readonly #show: (state: TransferState) => void;
  readonly #clock: Clock;
  #meter = new ProgressMeter(0, 0);
  #bytes = 0;
  #attempt = 0;
  /** The one that brought the last bytes. */
  #carrier: CarrierKind | undefined;

  /** `clock` never goes back. */
  constructor(show: (state: TransferState) => void, clock: Clock) {
    this.#show = show;
    this.#clock = clock;
  }

  /** Of the last session over this link; 0 before the first. */
  get attempt(): number {
    return this.#attempt;
  }

  /** A session begins where `bytes` are there; shown at once. Another carrier is no reason to forget how fast it was, another try is. */
  begin(bytes: number, attempt: number): void {
    if (attempt !== this.#attempt) this.#meter = new ProgressMeter(bytes, this.#clock.now());
    this.#attempt = attempt;
    this.#bytes = bytes;
    this.#showNow();
  }

  /** A block has come, or arrived, over `carrier`. Another one than before is shown at once: the rest may be through before it is time. */
  cameBy(carrier: CarrierKind): void {
    const before = this.#carrier;
    this.#carrier = carrier;
    if (before !== undefined && before !== carrier) this.#showNow();
  }

  /** So many bytes are there without a gap; shown a few times a second. */
  advance(bytes: number): void {
    this.#bytes = bytes;
    if (this.#meter.advance(bytes, this.#clock.now())) this.#showNow();
  }

  /** The link is gone: the next one begins with its first try. */
  leaveLink(): void {
    this.#attempt = 0;
    this.#carrier = undefined;
  }

  #showNow(): void {
    this.#show({
      kind: 'running',
      bytes: this.#bytes,
      bytesPerSecond: this.#meter.bytesPerSecond,
      attempt: this.#attempt,
      ...(this.#carrier === undefined ? {} : { carrier: this.#carrier }),
    });
  }
}
