import assert from 'node:assert/strict';
import { MAX_TEXT_LENGTH } from '../../src/contract/message.ts';
import { DecodeError } from '../../src/wire/decodeError.ts';
import { encodeFrame, FrameDecoder, MAX_FRAME_BYTES } from '../../src/wire/frame.ts';
import {
  CLOSE_REASONS,
  decodeLinkFrame,
  type EntryBody,
  encodeLinkFrame,
  type LinkFrame,
  MAX_BODY_DEPTH,
  MAX_ENTRY_TEXT,
  MAX_SHARED,
  MAX_THUMBNAIL_BYTES,
  REJECT_REASONS,
} from '../../src/wire/linkFrames.ts';
import { seededRandom } from '../support/seededRandom.ts';

const transferId = '0123456789abcdef0123456789abcdef';
const entryId = 'fedcba9876543210fedcba9876543210';
const session = '0123456789abcdef';
const sha256 = 'a'.repeat(64);
const hello = {
  kind: 'hello',
  version: 1,
  name: 'sara',
  instance: 'fedcba9876543210',
  udpPort: 40_000,
  accepts: true,
  received: 7,
  read: 5,
  capabilities: ['udp'],
} as const;
const offer = {
  kind: 'offer',
  transferId,
  name: 'عکس.png',
  mediaType: 'image/png',
  sizeBytes: 1234,
  width: 640,
  height: 480,
  placeholder: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  thumbnail: 'iVBORw0KGgo=',
} as const;

const item = { id: entryId, name: 'a.txt', mediaType: 'text/plain', sizeBytes: 0, modifiedAt: 5 };

const bodies: EntryBody[] = [
  { kind: 'text', text: 'سلام، دنیا' },
  { kind: 'text', text: 'yes', replyTo: entryId },
  { kind: 'edit', entryId, text: 'سلام' },
  { kind: 'delete', entryId },
  { kind: 'withdrawn' },
  { kind: 'react', entryId, emoji: '👍🏽', on: true },
  offer,
  { ...offer, itemId: entryId },
  { kind: 'offer', transferId, name: 'a', mediaType: 'application/octet-stream', sizeBytes: 1 },
  { kind: 'answer', transferId, accepted: false },
  { kind: 'cancel', transferId },
  { kind: 'complete', transferId, sha256 },
  { kind: 'failed', transferId, code: 'digestMismatch' },
];
const frames: LinkFrame[] = [
  { ...hello, tcpPort: 40_001, capabilities: [...hello.capabilities] },
  { ...hello, capabilities: [...hello.capabilities] },
  { ...hello, receivedId: entryId, capabilities: [...hello.capabilities] },
  { kind: 'accept' },
  ...REJECT_REASONS.map((reason) => ({ kind: 'reject', reason }) as const),
  ...bodies.map((body) => entryOf(body)),
  { kind: 'received', upTo: 1 },
  { kind: 'read', upTo: Number.MAX_SAFE_INTEGER },
  { kind: 'ready', transferId, session, firstBlock: 0 },
  { kind: 'ready', transferId, session, firstBlock: 1, have: [{ start: 2, end: 5 }] },
  { kind: 'ready', transferId, session, firstBlock: 0, carrier: 'tls', attempt: 3 },
  { kind: 'digest', transferId, session, sha256 },
  { kind: 'reading', transferId, session },
  { kind: 'typing', on: true },
  { kind: 'shared', items: [] },
  { kind: 'shared', items: [item] },
  { kind: 'fetch', itemId: entryId, transferId },
  { kind: 'fetchRefused', transferId, code: 'fileUnreadable' },
  { kind: 'ping', id: 0 },
  { kind: 'pong', id: 2 ** 32 - 1 },
  ...CLOSE_REASONS.map((reason) => ({ kind: 'close', reason }) as const),
];

describe('a link frame', () => {
  for (const frame of frames) {
    it(`${nameOf(frame)} is read as it was written`, () => {
      assert.deepEqual(decodeLinkFrame(jsonOf(encodeLinkFrame(frame))), frame);
    });
  }

  it('is JSON with a kind', () => {
    const text = '{"kind":"received","upTo":41}';
    assert.equal(Buffer.from(encodeLinkFrame({ kind: 'received', upTo: 41 })).toString('utf8', 4), text);
  });

  it('of a later version is skipped', () => {
    assert.equal(decodeLinkFrame({ kind: 'wave', since: 3 }), undefined);
    for (const kind of ['__proto__', 'constructor', 'toString', ''])
      assert.equal(decodeLinkFrame({ kind }), undefined);
  });

  it('with fields of a later version is read without them', () => {
    assert.deepEqual(decodeLinkFrame({ kind: 'ping', id: 1, mood: 'good' }), { kind: 'ping', id: 1 });
  });

  it('with a reason of a later version is read as a plain one', () => {
    assert.deepEqual(decodeLinkFrame({ kind: 'close', reason: 'moon' }), { kind: 'close', reason: 'other' });
    assert.deepEqual(decodeLinkFrame({ kind: 'reject', reason: {} }), { kind: 'reject', reason: 'declined' });
  });

  it('hello of another major version says its version, whatever else it holds', () => {
    assert.deepEqual(decodeLinkFrame({ kind: 'hello', version: 2, who: [] }), {
      kind: 'foreignHello',
      version: 2,
    });
  });

  it('entry with a body of a later version is kept whole, so that it can be stored and acknowledged', () => {
    const original = { kind: 'sticker', pack: { id: 3 }, tags: ['a', null] };
    const frame = decodeLinkFrame({ ...entryOf(bodies[0] as EntryBody), body: original });
    assert.deepEqual(frame, entryOf({ kind: 'unknown', original }));
    assert.deepEqual(decodeLinkFrame(jsonOf(encodeLinkFrame(frame as LinkFrame))), frame);
  });

  it('entry with a body of a later version is nested as deep as allowed and no deeper', () => {
    const nested = (depth: number) => ({
      kind: 'sticker',
      value: JSON.parse('['.repeat(depth) + ']'.repeat(depth)),
    });
    const frame = (depth: number) => ({ ...entryOf(bodies[0] as EntryBody), body: nested(depth) });
    assert.doesNotThrow(() => decodeLinkFrame(frame(MAX_BODY_DEPTH - 1)));
    for (const depth of [MAX_BODY_DEPTH, 100_000])
      assert.throws(() => decodeLinkFrame(frame(depth)), { name: 'DecodeError', place: 'entry.body' });
  });

  it('entry fits a frame at its largest', () => {
    const base64 = 'A'.repeat((MAX_THUMBNAIL_BYTES / 3) * 4);
    const side = 2 ** 31 - 1;
    const largestOffer: EntryBody = {
      ...offer,
      name: '\u0001'.repeat(255),
      mediaType: `${'a'.repeat(127)}/${'b'.repeat(127)}`,
      sizeBytes: Number.MAX_SAFE_INTEGER,
      width: side,
      height: side,
      placeholder: 'A'.repeat(44),
      thumbnail: base64,
    };
    // Each of these needs six bytes in JSON, the most that a UTF-16 unit can need.
    const texts = ['\u0001', '\ud800'].map(
      (unit) => ({ kind: 'text', text: unit.repeat(MAX_ENTRY_TEXT) }) as const,
    );
    for (const body of [largestOffer, ...texts]) {
      const frame = { ...entryOf(body), number: Number.MAX_SAFE_INTEGER, at: 8.64e15 };
      const bytes = encodeLinkFrame(frame);
      assert.deepEqual(decodeLinkFrame(jsonOf(bytes)), frame);
      assert.ok(bytes.length <= MAX_FRAME_BYTES, `${body.kind}: ${bytes.length}`);
    }
  });

  it('takes every text that a person may send', () => {
    assert.equal(MAX_ENTRY_TEXT, MAX_TEXT_LENGTH);
  });

  const text = entryOf({ kind: 'text', text: 'a' });
  for (const [place, json] of [
    ['frame', null],
    ['frame', []],
    ['frame', 'ping'],
    ['frame.kind', {}],
    ['frame.kind', { kind: 3 }],
    ['hello.version', { ...hello, version: 0 }],
    ['hello.version', { ...hello, version: '1' }],
    ['hello.name', { ...hello, name: '' }],
    ['hello.name', { ...hello, name: 'x'.repeat(257) }],
    ['hello.instance', { ...hello, instance: 'FEDCBA9876543210' }],
    ['hello.udpPort', { ...hello, udpPort: 0 }],
    ['hello.udpPort', { ...hello, udpPort: 65_536 }],
    ['hello.accepts', { ...hello, accepts: 1 }],
    ['hello.received', { ...hello, received: -1 }],
    ['hello.received', { ...hello, received: 2 ** 53 }],
    ['hello.read', { ...hello, read: hello.received + 1 }],
    ['hello.capabilities', { ...hello, capabilities: Array(33).fill('a') }],
    ['hello.capabilities.0', { ...hello, capabilities: ['x'.repeat(65)] }],
    ['entry.number', { ...text, number: 0 }],
    ['entry.number', { ...text, number: 1.5 }],
    ['entry.id', { ...text, id: 'x' }],
    ['entry.at', { ...text, at: 8.64e15 + 1 }],
    ['entry.body', { ...text, body: 'text' }],
    ['entry.body.kind', { ...text, body: {} }],
    ['entry.body.text', { ...text, body: { kind: 'text' } }],
    ['entry.body.text', { ...text, body: { kind: 'text', text: '' } }],
    ['entry.body.text', { ...text, body: { kind: 'text', text: 'x'.repeat(MAX_ENTRY_TEXT + 1) } }],
    ['entry.body.name', { ...text, body: { ...offer, name: 'x'.repeat(256) } }],
    ['entry.body.mediaType', { ...text, body: { ...offer, mediaType: 'image/png; a=b' } }],
    ['entry.body.sizeBytes', { ...text, body: { ...offer, sizeBytes: 0 } }],
    ['entry.body.width', { ...text, body: { ...offer, width: null } }],
    ['entry.body.placeholder', { ...text, body: { ...offer, placeholder: 'A'.repeat(48) } }],
    ['entry.body.thumbnail', { ...text, body: { ...offer, thumbnail: 'AAA' } }],
    ['entry.body.thumbnail', { ...text, body: { ...offer, thumbnail: 'A'.repeat(32_772) } }],
    ['entry.body.accepted', { ...text, body: { kind: 'answer', transferId } }],
    ['entry.body.sha256', { ...text, body: { kind: 'complete', transferId, sha256: 'ab' } }],
    ['entry.body.code', { ...text, body: { kind: 'failed', transferId, code: 'two words' } }],
    ['received.upTo', { kind: 'received', upTo: 0 }],
    ['read.upTo', { kind: 'read', upTo: '1' }],
    ['ready.carrier', { kind: 'ready', transferId, session, firstBlock: 0, carrier: 'pigeon' }],
    ['ready.firstBlock', { kind: 'ready', transferId, session, firstBlock: 2 ** 32 }],
    ['ready.have.0.end', { kind: 'ready', transferId, session, firstBlock: 0, have: [{ start: 1 }] }],
    [
      'ready.have',
      { kind: 'ready', transferId, session, firstBlock: 0, have: Array(65).fill({ start: 1, end: 2 }) },
    ],
    ['entry.body.entryId', { ...text, body: { kind: 'edit', entryId: 'x', text: 'a' } }],
    ['entry.body.text', { ...text, body: { kind: 'edit', entryId, text: '' } }],
    ['entry.body.replyTo', { ...text, body: { kind: 'text', text: 'a', replyTo: 'x' } }],
    ['entry.body.emoji', { ...text, body: { kind: 'react', entryId, emoji: 'x'.repeat(33), on: true } }],
    ['shared.items', { kind: 'shared', items: Array(MAX_SHARED + 1).fill(item) }],
    ['shared.items.0.sizeBytes', { kind: 'shared', items: [{ ...item, sizeBytes: -1 }] }],
    ['fetch.itemId', { kind: 'fetch', itemId: '', transferId }],
    ['reading.session', { kind: 'reading', transferId, session: '' }],
    ['digest.session', { kind: 'digest', transferId, session: '', sha256 }],
    ['ping.id', { kind: 'ping', id: -1 }],
    ['pong.id', { kind: 'pong' }],
  ] as const) {
    it(`is refused at ${place} for ${JSON.stringify(json).slice(0, 60)}`, () => {
      assert.throws(() => decodeLinkFrame(json), { name: 'DecodeError', place, offset: -1 });
    });
  }

  it('is refused without repeating what the peer wrote', () => {
    const secret = 'do not log me';
    assert.throws(
      () => decodeLinkFrame({ ...text, id: secret, body: { kind: 'text', text: 'a' } }),
      (error: Error) => !error.message.includes(secret),
    );
  });

  it('with any field changed to anything is a value or a DecodeError', () => {
    const random = seededRandom(3);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    for (let round = 0; round < 5_000; round++) {
      const json = structuredClone(pick(frames)) as Record<string, unknown>;
      const target = 'body' in json && random() < 0.5 ? (json.body as Record<string, unknown>) : json;
      target[pick([...Object.keys(target), 'extra'])] = pick(STRANGE);
      assert.equal(isTotal(json), true, JSON.stringify(json));
    }
  });
});

const STRANGE = [
  null,
  true,
  -1,
  0.5,
  2 ** 60,
  '',
  'x',
  'x'.repeat(100_000),
  [],
  [[]],
  {},
  { kind: 'text' },
  'entry',
  2,
];

function entryOf(body: EntryBody) {
  return { kind: 'entry', number: 3, id: transferId, at: 1_790_000_000_000, body } as const;
}

function nameOf(frame: LinkFrame): string {
  if (frame.kind === 'entry') return `entry ${frame.body.kind}`;
  return 'reason' in frame ? `${frame.kind} ${frame.reason}` : frame.kind;
}

function jsonOf(bytes: Uint8Array): unknown {
  const decoder = new FrameDecoder();
  decoder.push(bytes);
  return decoder.next();
}

function isTotal(json: unknown): boolean {
  try {
    const frame = decodeLinkFrame(jsonOf(encodeFrame(json)));
    if (frame !== undefined && frame.kind !== 'foreignHello') encodeLinkFrame(frame);
    return true;
  } catch (error) {
    return error instanceof DecodeError;
  }
}
