// What somebody might send to a registry's signal socket who means no good, as bytes on the connection: frames of RFC 6455 that
// are well made and say something odd, and frames that are broken in each way that section 5 forbids. Seeded.
//
//    0               1               2..
//   +-+-+-+-+-------+-+-------------+---------------+---------+---------~
//   |F|R|R|R|opcode |M| length (7)  | length 16/64  | mask 32 | payload
//   +-+-+-+-+-------+-+-------------+---------------+---------+---------~

export interface HostileFrame {
  readonly bytes: Buffer;
  /** What is wrong: `odd` is a good frame with a strange message, after which the socket may live. */
  readonly kind: string;
}

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10] as const;
const FIN = 0x80;
const MASKED = 0x80;

const MESSAGES = [
  '{"kind":"watch","id":1,"add":[{"name":"سارا","have":"-"}],"remove":["b"],"newcomers":true}',
  '{"kind":"watch","id":2,"add":[],"remove":["سارا"]}',
  `{"kind":"signal","id":1,"to":"${'a'.repeat(64)}","body":"x"}`,
  `{"kind":"relayOpen","id":1,"to":"${'a'.repeat(64)}"}`,
  '{"kind":"relayAccept","stream":1}',
  '{"kind":"relayClose","stream":1}',
  '{"kind":"ping"}',
];
const PIECES = ['"', '{', '}', '[', ']', ',', ':', 'null', '-1', '1e999', '\\u0000', '__proto__', '', '𐍈'];

/** A frame as a client writes it: masked, with the shortest length. `first` is the byte of FIN, RSV and opcode. */
function frameOf(first: number, payload: Uint8Array, isMasked = true): Buffer {
  const { length } = payload;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 0xff] : sizeOf(length);
  const mask = [0x12, 0x34, 0x56, 0x78];
  const [short = 0, ...rest] = size;
  const head = Buffer.from([first, isMasked ? short | MASKED : short, ...rest, ...(isMasked ? mask : [])]);
  return Buffer.concat([head, isMasked ? payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)) : payload]);
}

function sizeOf(length: number): number[] {
  const size = Buffer.alloc(9, 127);
  size.writeBigUInt64BE(BigInt(length), 1);
  return [...size];
}

export function textFrame(text: string): Buffer {
  return frameOf(FIN | TEXT, Buffer.from(text));
}

/** Of the frames that end a socket, `brokenShare` are as rare as that. */
export function hostileFrames(random: () => number, brokenShare: number): () => HostileFrame {
  const below = (count: number) => Math.floor(random() * count);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const junk = (most: number) => Buffer.from(Array.from({ length: below(most) }, () => below(256)));

  const odd: readonly (() => Buffer)[] = [
    () => textFrame(pick(MESSAGES)),
    () => frameOf(FIN | BINARY, Buffer.concat([Buffer.from([0, 0, 0, below(4), 1]), junk(60)])),
    () => frameOf(FIN | PING, junk(100)),
    () => frameOf(FIN | PONG, junk(100)),
    // A message in pieces, with a ping in between.
    () => {
      const message = Buffer.from(pick(MESSAGES));
      const cut = below(message.length);
      const [start, end] = [message.subarray(0, cut), message.subarray(cut)];
      const between = frameOf(FIN | PING, junk(20));
      return Buffer.concat([frameOf(TEXT, start), between, frameOf(FIN | CONTINUATION, end)]);
    },
  ];
  const broken: Readonly<Record<string, () => Buffer>> = {
    'no message of ours': () => textFrame(hurt(pick(MESSAGES))),
    'a relay frame without bytes': () => frameOf(FIN | BINARY, junk(5).subarray(0, 4)),
    'a second answer': () => textFrame('{"kind":"answer","publicKey":"AA==","signature":"AA=="}'),
    'too many names': () =>
      textFrame(`{"kind":"watch","id":1,"add":[${'{"name":"a"},'.repeat(200)}],"remove":[]}`),
    'a message that is too large': () => textFrame('x'.repeat(17_000 + below(60_000))),
    'nothing but brackets': () => textFrame('['.repeat(below(16_000))),
    'no UTF-8': () => frameOf(FIN | TEXT, Buffer.from([0xc3, 0x28, ...junk(20), 0xff])),
    'no mask': () => frameOf(FIN | TEXT, Buffer.from(pick(MESSAGES)), false),
    'a reserved bit': () => frameOf(FIN | pick([0x40, 0x20, 0x10]) | pick([TEXT, BINARY, PING]), junk(20)),
    'a reserved opcode': () => frameOf(FIN | pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), junk(20)),
    'a control frame in pieces': () => frameOf(pick([CLOSE, PING, PONG]), junk(20)),
    'a control frame that is too long': () =>
      frameOf(FIN | pick([CLOSE, PING, PONG]), Buffer.alloc(126 + below(500))),
    'a continuation of nothing': () => frameOf(FIN | CONTINUATION, junk(20)),
    'a message inside another': () => Buffer.concat([frameOf(TEXT, junk(9)), frameOf(FIN | TEXT, junk(9))]),
    'pieces that are too large together': () =>
      Buffer.concat([
        frameOf(BINARY, Buffer.alloc(16_000)),
        frameOf(FIN | CONTINUATION, Buffer.alloc(16_000)),
      ]),
    'a length beyond all numbers': () =>
      Buffer.concat([
        Buffer.from([FIN | BINARY, MASKED | 127]),
        Buffer.alloc(8, pick([0x7f, 0xff])),
        junk(20),
      ]),
    'a length that is not the shortest': () =>
      Buffer.concat([
        Buffer.from([FIN | TEXT, MASKED | 127, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]),
        Buffer.from('{}'),
      ]),
    'a close with half a code': () => frameOf(FIN | CLOSE, Buffer.from([3])),
    'a close with a code that is none': () =>
      frameOf(
        FIN | CLOSE,
        Buffer.from(
          pick([
            [0, 0],
            [3, 0xed],
            [3, 0xe7],
            [0xff, 0xff],
            [3, 0xf7],
          ]),
        ),
      ),
    'a close with a reason that is no UTF-8': () => frameOf(FIN | CLOSE, Buffer.from([3, 0xe8, 0xff, 0xc0])),
    'half a frame': () => textFrame(pick(MESSAGES)).subarray(0, 1 + below(30)),
    'no frame at all': () => junk(200),
    HTTP: () => Buffer.from('GET /v1/peers HTTP/1.1\r\nHost: x\r\n\r\n'),
  };
  const hurt = (text: string): string => {
    const at = below(text.length);
    return text.slice(0, at) + pick(PIECES) + text.slice(at + 1 + below(6));
  };
  const brokenKinds = Object.entries(broken);
  return () => {
    if (random() >= brokenShare) return { kind: 'odd', bytes: pick(odd)() };
    const [kind, make] = pick(brokenKinds);
    return { kind, bytes: make() };
  };
}
