// A sender that gets another address in the middle: what is answered to an old one is lost, and the receiver answers to where the
// newest datagram came from that only the sender can have made, as src/engine/carriers/receiveSession.ts does.

import { NUMBER_OFFSET } from '../../src/wire/datagramEnvelope.ts';
import type { TransferPair } from '../../test/engine/transfer/transferPair.ts';

export class MovingSender {
  /** Where it is. */
  place = 0;
  /** Where the receiver sends its answers. */
  answeredAt = 0;
  readonly #pair: TransferPair;
  /** By the numbers of the datagrams, as the network copies the bytes. */
  readonly #placeOf = new Map<number, number>();
  #from = 0;
  #outsSeen = 0;

  /** Before the pair starts. */
  constructor(pair: TransferPair) {
    this.#pair = pair;
    const { forth, back, receiving } = pair;
    const [send, answer] = [forth.send.bind(forth), back.send.bind(back)];
    const handle = receiving.handle.bind(receiving);
    forth.send = (bytes) => {
      this.#placeOf.set(numberOf(bytes), this.place);
      send(bytes);
    };
    receiving.handle = (input) => {
      // A number that was damaged is of nobody: it came from where the last one came from.
      if (input.kind === 'datagram') this.#from = this.#placeOf.get(numberOf(input.bytes)) ?? this.#from;
      handle(input);
      this.#follow();
    };
    back.send = (bytes) => {
      this.#follow();
      if (this.answeredAt === this.place) answer(bytes);
    };
  }

  #follow(): void {
    const { got } = this.#pair;
    for (; this.#outsSeen < got.length; this.#outsSeen++)
      if (got[this.#outsSeen]?.kind === 'heard') this.answeredAt = this.#from;
  }
}

function numberOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(NUMBER_OFFSET);
}
