// Writes a session's outgoing datagrams into buffers that are used again in turn.

import { encodeData } from '../../wire/dataDatagram.ts';
import { encodePiece } from '../../wire/pieceDatagram.ts';
import { encodeProbe, NO_CHALLENGE } from '../../wire/probeDatagram.ts';
import { DatagramRing } from './datagramRing.ts';
import { overheadOf, type PieceAt } from './sealedBlocks.ts';
import type { SessionKeys } from './transferIo.ts';

export class DatagramWriter {
  readonly #keys: SessionKeys;
  readonly #ring = new DatagramRing();

  constructor(keys: SessionKeys) {
    this.#keys = keys;
  }

  /** DATA, or PIECE where the block was spoiled. The bytes stay as long as `DatagramRing.take` says. */
  piece({ block, piece }: PieceAt, number: number): Buffer {
    const { isSealedSingly, sealed, pieceBytes, index } = block;
    const offset = piece * pieceBytes;
    const space = this.#ring.take(overheadOf(isSealedSingly) + Math.min(pieceBytes, sealed.length - offset));
    const header = { token: this.#keys.token, number, block: index, offset };
    if (isSealedSingly) encodePiece(space, header, sealed, this.#keys.piece);
    else encodeData(space, header, sealed);
    return space.bytes;
  }

  /** PROBE of this length. */
  probe(lengthBytes: number, number: number, challenge = NO_CHALLENGE): Buffer {
    const space = this.#ring.take(lengthBytes);
    encodeProbe(space, { key: this.#keys.piece, token: this.#keys.token, number }, challenge);
    return space.bytes;
  }
}
