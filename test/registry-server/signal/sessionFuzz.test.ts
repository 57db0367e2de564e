// Anything at all as a frame: the session answers or closes, never throws, and leaves nothing behind.
// HAMTA_FUZZ_INPUTS=1000000 for as many.

import assert from 'node:assert/strict';
import { SignalSession } from '../../../registry-server/signal/signalSession.ts';
import { type ServerFrame, SIGNAL_CLOSE } from '../../../src/contract/signal.ts';
import { heldBytes } from '../../support/heldBytes.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { Key } from './signalClient.ts';

const CHALLENGE = Buffer.alloc(32, 3).toString('base64');
const HOST = 'a.example';
const INPUTS = Number(process.env.HAMTA_FUZZ_INPUTS || 30_000);
/** A slow machine still passes. */
const MS_PER_INPUT = 1;
/** What garbage collection leaves to chance; a leak of 100 bytes an input is more at a million. */
const MAX_GROWTH_BYTES = 32 * 1_024 * 1_024;
const SEED = 20_261_120;

const FRAMES = [
  '{"kind":"watch","id":1,"add":[{"name":"سارا","have":"-"}],"remove":["b"],"newcomers":true}',
  `{"kind":"signal","id":1,"to":"${'a'.repeat(64)}","body":"x"}`,
  `{"kind":"relayOpen","id":1,"to":"${'a'.repeat(64)}"}`,
  '{"kind":"relayAccept","stream":1}',
  '{"kind":"relayClose","stream":1}',
  '{"kind":"ping"}',
  '{"kind":"answer","publicKey":"AA==","signature":"AA=="}',
];
const PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  'null',
  '-1',
  '1e999',
  '\\u0000',
  '\ud800',
  '__proto__',
  '',
  '𐍈',
];

describe('any frame at all', function () {
  this.timeout(30_000 + INPUTS * MS_PER_INPUT);

  it(`is answered or closes the socket, from a stranger as from a key (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const codes = new Set<number>(Object.values(SIGNAL_CLOSE));
    const key = new Key();
    const before = heldBytes();
    for (let i = 0; i < INPUTS; i++) {
      const session = sessionOf(i % 4 === 0 ? undefined : key);
      session.handle(inputOf(random), 1);
      for (let out = session.poll(); out !== undefined; out = session.poll())
        if (out.kind === 'close') assert.ok(codes.has(out.code) && out.reason.length < 120);
    }
    const growth = heldBytes() - before;
    assert.ok(growth < MAX_GROWTH_BYTES, `${growth} bytes more than before`);
  });
});

/** Signing each time would be most of the test, so an open one is opened once by hand and its answer used again. */
function sessionOf(key: Key | undefined): SignalSession {
  const session = new SignalSession({ challenge: CHALLENGE, host: HOST, now: 0 });
  if (key !== undefined) session.handle({ kind: 'text', text: answerOf(key) }, 0);
  const sent: ServerFrame['kind'][] = [];
  for (let out = session.poll(); out !== undefined; out = session.poll())
    if (out.kind === 'send') sent.push(out.frame.kind);
  assert.equal(session.isOpen, key !== undefined);
  return session;
}

const answers = new Map<Key, string>();
function answerOf(key: Key): string {
  const known = answers.get(key) ?? JSON.stringify(key.answer({ challenge: CHALLENGE, host: HOST }));
  answers.set(key, known);
  return known;
}

function inputOf(random: () => number) {
  const below = (n: number) => Math.floor(random() * n);
  if (random() < 0.2) {
    const bytes = Uint8Array.from({ length: below(20) }, () => below(256));
    return { kind: 'binary', bytes } as const;
  }
  let text = FRAMES[below(FRAMES.length)] ?? '';
  for (let changes = below(4); changes > 0; changes--) {
    const at = below(text.length + 1);
    const piece = PIECES[below(PIECES.length)] ?? '';
    text = text.slice(0, at) + piece + text.slice(at + below(6));
  }
  return { kind: 'text', text } as const;
}
