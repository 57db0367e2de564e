import assert from 'node:assert/strict';
import { FrameReader } from '../../../src/engine/link/frameReader.ts';
import { encodeFrame } from '../../../src/wire/frame.ts';

const ping = { kind: 'ping', id: 1 } as const;

describe('the bytes of a connection', () => {
  it('are frames, those of later versions included', () => {
    const bytes = Buffer.concat([encodeFrame(ping), encodeFrame({ kind: 'typing' }), encodeFrame(ping)]);
    assert.deepEqual(new FrameReader().read(bytes), [
      { kind: 'frame', frame: ping },
      { kind: 'frame', frame: undefined },
      { kind: 'frame', frame: ping },
    ]);
  });

  for (const [what, bytes, problem] of [
    ['no frames', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'frame.length at 0: 1195725856 is above 262144'],
    ['frames of something else', encodeFrame({ kind: 'ping' }), 'ping.id at -1: expected "id"'],
  ] as const) {
    it(`that are ${what} are garbage, and nothing after them is read`, () => {
      const reader = new FrameReader();
      const inputs = reader.read(Buffer.concat([encodeFrame(ping), bytes, encodeFrame(ping)]));
      assert.deepEqual(inputs, [
        { kind: 'frame', frame: ping },
        { kind: 'garbage', problem },
      ]);
      assert.deepEqual(reader.read(encodeFrame(ping)), []);
    });
  }
});
