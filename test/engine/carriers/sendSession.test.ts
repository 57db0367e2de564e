// How much of the path a session that sends asks for, by what is left to send: roads that only write down who joins them.

import assert from 'node:assert/strict';
import { SendSession } from '../../../src/engine/carriers/sendSession.ts';
import { TransferRoads } from '../../../src/engine/carriers/transferRoads.ts';
import { BLOCK_BYTES, SMALL_BYTES } from '../../../src/engine/transfer/params.ts';
import type { PathPart } from '../../../src/engine/transfer/pathPart.ts';
import { PathShare } from '../../../src/engine/transfer/pathShare.ts';
import { sessionKeysOf } from '../../../src/engine/transfer/sessionKeys.ts';

const SMALL_BLOCKS = SMALL_BYTES / BLOCK_BYTES;
const BLOCKS = 10 * SMALL_BLOCKS;
const KEYS = sessionKeysOf({
  ...{ secret: Buffer.alloc(32, 7), transferId: '00112233445566778899aabbccddeeff' },
  session: '0123456789abcdef',
});

class ToldShare extends PathShare {
  readonly parts: PathPart[] = [];

  override join(bytesLeft: number): PathPart {
    const part = super.join(bytesLeft);
    this.parts.push(part);
    return part;
  }
}

class OneRoad extends TransferRoads {
  readonly share = new ToldShare();

  override shareOf(): PathShare {
    return this.share;
  }
}

/** Whether a session of a file of ten times as many blocks as a small one has goes first, as small ones do. */
function goesFirst(firstBlock: number, have: readonly { start: number; end: number }[]): boolean | undefined {
  const roads = new OneRoad();
  const ignore = () => undefined;
  const never = () => new Promise<never>(ignore);
  const source = { read: never, digest: never, recycle: ignore, close: async () => undefined };
  const options = { keys: KEYS, sizeBytes: BLOCKS * BLOCK_BYTES, firstBlock, have };
  const events = {
    onProgress: ignore,
    onDigest: ignore,
    onFinished: ignore,
    onStalled: ignore,
    onFailed: ignore,
  };
  new SendSession(options, source, roads, { host: '10.0.0.2', port: 5 }, events).dispose();
  return roads.share.parts[0]?.isSmall;
}

describe('a session that sends', () => {
  it('goes first where little is left to send, wherever in the file that is', () => {
    assert.equal(goesFirst(0, []), false);
    assert.equal(goesFirst(BLOCKS - SMALL_BLOCKS - 1, []), false);
    assert.equal(goesFirst(BLOCKS - SMALL_BLOCKS, []), true);
    assert.equal(
      goesFirst(0, [{ start: SMALL_BLOCKS, end: BLOCKS }]),
      false,
      'the last block goes in any case',
    );
    assert.equal(goesFirst(0, [{ start: SMALL_BLOCKS - 1, end: BLOCKS }]), true);
  });
});
