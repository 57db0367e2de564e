import assert from 'node:assert/strict';
import type { LocalEnd } from '../../../src/engine/link/linkEnd.ts';
import type { LinkOut } from '../../../src/engine/link/linkMessages.ts';
import type { LinkFrame } from '../../../src/wire/linkFrames.ts';
import { closed, closing, entry, kinds, options, send, ToldMachine, theirHello } from './toldMachine.ts';

const transferId = 'c'.repeat(32);
const session = 'd'.repeat(16);

describe('the greeting', () => {
  it('begins with what I have of yours', () => {
    const {
      written: _written,
      idOfMine: _idOfMine,
      receivedId: _last,
      ...said
    } = { ...options, received: 9, read: 4 };
    const link = new ToldMachine({ received: 9, read: 4, written: 7 });
    assert.deepEqual(link.tell({ kind: 'start' }), [
      send({ kind: 'hello', version: 1, ...said, capabilities: [] }),
    ]);
  });

  it('leads up at once when both have accepted each other', () => {
    assert.deepEqual(new ToldMachine().meet(), [{ kind: 'up', hello: theirHello }]);
  });

  it('tidies the name that the other side says', () => {
    const [up] = new ToldMachine().meet({ name: ' bob  b ' });
    assert.deepEqual(up, { kind: 'up', hello: { ...theirHello, name: 'bob b' } });
  });

  for (const name of [' ', 'x'.repeat(65), 'a\u0007b', 'a\u202eb'])
    it(`ends when the other side calls itself ${JSON.stringify(name).slice(0, 20)}`, () => {
      assert.deepEqual(kinds(new ToldMachine().meet({ name })), ['close', 'closed']);
    });

  it('ends with both versions known when they differ', () => {
    const link = new ToldMachine();
    link.tell({ kind: 'start' });
    assert.deepEqual(link.tell({ kind: 'frame', frame: { kind: 'foreignHello', version: 2 } }), [
      closing('version'),
      closed({ kind: 'version', theirs: 2 }),
    ]);
  });

  it('ends after 10 s without a hello', () => {
    const link = new ToldMachine();
    link.tell({ kind: 'start' });
    assert.deepEqual(link.pass(9_999), []);
    assert.deepEqual(link.pass(10_000), [closing('silent'), closed({ kind: 'silent' })]);
  });

  it('ends when the first frame is of a kind that nobody knows', () => {
    const link = new ToldMachine();
    link.tell({ kind: 'start' });
    assert.deepEqual(kinds(link.tell({ kind: 'frame', frame: undefined })), ['close', 'closed']);
  });

  it('ends when they have more of mine than I wrote, so that no number is used twice', () => {
    const link = new ToldMachine({ written: 4 });
    assert.deepEqual(link.meet({ received: 5 }), [closing('ahead'), closed({ kind: 'ahead', received: 5 })]);
  });

  it('ends when what they have of mine is something else than I wrote, as my store was put back and has grown', () => {
    const idOfMine = (number: number) => (number === 3 ? 'a'.repeat(32) : undefined);
    const meet = (received: number, receivedId?: string) =>
      new ToldMachine({ written: 4, idOfMine }).meet(
        receivedId === undefined ? { received } : { received, receivedId },
      );
    assert.deepEqual(meet(3, 'b'.repeat(32)), [closing('ahead'), closed({ kind: 'ahead', received: 3 })]);
    assert.equal(kinds(meet(3, 'a'.repeat(32)))[0], 'up');
    assert.equal(kinds(meet(3))[0], 'up');
    assert.equal(kinds(meet(2, 'b'.repeat(32)))[0], 'up', 'a number that was skipped');
  });

  it('says which entry of theirs it has last', () => {
    const [hello] = new ToldMachine({ received: 2, receivedId: 'c'.repeat(32) }).tell({ kind: 'start' });
    assert.ok(hello?.kind === 'send' && hello.frame.kind === 'hello');
    assert.deepEqual([hello.frame.received, hello.frame.receivedId], [2, 'c'.repeat(32)]);
  });

  it('knows what was written while it went on', () => {
    const link = new ToldMachine({ written: 4 });
    link.tell({ kind: 'start' });
    link.tell({ kind: 'grown', upTo: 5 });
    assert.deepEqual(kinds(link.hear({ ...theirHello, received: 5 })), ['up']);
  });
});

describe('permission', () => {
  it('is asked of their person when mine has accepted them', () => {
    const link = new ToldMachine();
    const hello = { ...theirHello, accepts: false };
    assert.deepEqual(link.meet({ accepts: false }), [{ kind: 'waiting', hello }]);
    assert.deepEqual(link.hear({ kind: 'accept' }), [{ kind: 'up', hello }]);
  });

  it('is asked of my person when theirs has accepted me', () => {
    const link = new ToldMachine({ accepts: false });
    assert.deepEqual(link.meet(), [{ kind: 'ask', hello: theirHello }]);
    assert.deepEqual(link.tell({ kind: 'answer', accepted: true }), [
      send({ kind: 'accept' }),
      { kind: 'up', hello: theirHello },
    ]);
  });

  it('that my person declines ends the link and says so', () => {
    const link = new ToldMachine({ accepts: false });
    link.meet();
    assert.deepEqual(link.tell({ kind: 'answer', accepted: false }), [
      send({ kind: 'reject', reason: 'declined' }),
      closed({ kind: 'refused', reason: 'declined' }),
    ]);
  });

  it('that they reject ends the link with their reason', () => {
    const link = new ToldMachine();
    link.meet({ accepts: false });
    assert.deepEqual(link.hear({ kind: 'reject', reason: 'busy' }), [
      closed({ kind: 'rejected', reason: 'busy' }),
    ]);
  });

  it('is nobody’s when neither has accepted the other', () => {
    const link = new ToldMachine({ accepts: false });
    assert.deepEqual(link.meet({ accepts: false }), [
      closing('notAccepted'),
      closed({ kind: 'notAccepted' }),
    ]);
  });

  it('that my person does not answer in 60 s is refused as unanswered', () => {
    const link = new ToldMachine({ accepts: false });
    link.meet();
    keepAlive(link, 55_000);
    assert.deepEqual(link.pass(60_000), [
      send({ kind: 'reject', reason: 'unanswered' }),
      closed({ kind: 'refused', reason: 'unanswered' }),
    ]);
  });

  it('that they do not answer in 65 s is given up', () => {
    const link = new ToldMachine();
    link.meet({ accepts: false });
    keepAlive(link, 60_000);
    assert.deepEqual(link.pass(65_000), [
      closing('silent'),
      closed({ kind: 'rejected', reason: 'unanswered' }),
    ]);
  });

  it('does not run out once it is given', () => {
    const link = new ToldMachine();
    link.meet({ accepts: false });
    link.hear({ kind: 'accept' });
    keepAlive(link, 120_000);
    assert.deepEqual(link.hear({ kind: 'received', upTo: 1 }).at(-1)?.kind, 'closed');
  });

  it('answered twice, or by a person who was not asked, changes nothing', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.tell({ kind: 'answer', accepted: false }), []);
  });
});

describe('the heartbeat', () => {
  it('is a ping after 15 s in which nothing came', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.pass(14_999), []);
    assert.deepEqual(link.pass(30_000), [send({ kind: 'ping', id: 0 }), send({ kind: 'ping', id: 1 })]);
    link.hear({ kind: 'pong', id: 1 });
    assert.deepEqual(link.pass(44_999), []);
  });

  it('answers each ping, of several at once only the newest', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.hear({ kind: 'ping', id: 7 }), [send({ kind: 'pong', id: 7 })]);
    link.tell({ kind: 'flow', isWritable: false });
    assert.deepEqual([...link.hear({ kind: 'ping', id: 8 }), ...link.hear({ kind: 'ping', id: 9 })], []);
    assert.deepEqual(link.tell({ kind: 'flow', isWritable: true }), [send({ kind: 'pong', id: 9 })]);
  });

  it('finds a peer dead after 45 s of silence', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.pass(45_000).slice(-2), [closing('silent'), closed({ kind: 'silent' })]);
    assert.equal(link.machine.deadline(), undefined);
  });

  it('finds the peer dead when the machine wakes an hour later', () => {
    const link = new ToldMachine();
    link.meet();
    link.now = 3_600_000;
    assert.deepEqual(link.tell({ kind: 'time' }).at(-1), closed({ kind: 'silent' }));
  });

  it('finds a peer dead after 4 s where there is reason to doubt, and not when anything comes', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.tell({ kind: 'probe' }), [send({ kind: 'ping', id: 0 })]);
    link.pass(3_999);
    link.hear({ kind: 'pong', id: 0 });
    assert.deepEqual(kinds(link.pass(40_000)), ['ping', 'ping']);
    link.tell({ kind: 'probe' });
    assert.deepEqual(link.pass(44_000).slice(-1), [closed({ kind: 'silent' })]);
  });

  it('takes nothing for a sign of life that may have waited in a buffer since before the doubt', () => {
    const link = new ToldMachine();
    link.meet();
    link.tell({ kind: 'probe' });
    link.hear({ kind: 'pong', id: 7 });
    link.hear({ kind: 'ping', id: 0 });
    assert.deepEqual(link.pass(4_000).slice(-1), [closed({ kind: 'silent' })]);
    const other = new ToldMachine();
    other.meet();
    other.tell({ kind: 'probe' });
    other.now = 1_000;
    other.hear({ kind: 'ping', id: 1 });
    assert.deepEqual(kinds(other.pass(40_000)), ['ping', 'ping']);
  });

  it('has its own deadline in the greeting, which a doubt does not change', () => {
    const link = new ToldMachine();
    link.tell({ kind: 'start' });
    assert.deepEqual(link.tell({ kind: 'probe' }), []);
    assert.equal(link.machine.deadline(), 10_000);
  });

  it('takes a frame of a later version for a sign of life', () => {
    const link = new ToldMachine();
    link.meet();
    link.pass(44_000);
    assert.deepEqual(link.tell({ kind: 'frame', frame: undefined }), []);
    assert.deepEqual(link.pass(58_999), []);
  });
});

describe('transfer control', () => {
  const ready = { kind: 'ready', transferId, session, firstBlock: 3 } as const;

  it('passes both ways while the link is up', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.hear(ready), [{ kind: 'transfer', frame: ready }]);
    assert.deepEqual(link.tell({ kind: 'transfer', frame: ready }), [send(ready)]);
  });

  it('is dropped while the link is not up', () => {
    const link = new ToldMachine();
    link.meet({ accepts: false });
    assert.deepEqual(link.tell({ kind: 'transfer', frame: ready }), []);
  });
});

describe('the end', () => {
  for (const reason of ['disconnected', 'stopping', 'duplicate'] as const)
    it(`by me as ${reason} is said as it is`, () => {
      assert.deepEqual(endedBy(reason), [closing(reason), closed({ kind: 'local', reason })]);
    });

  // Who is blocked is told no more than who was declined.
  for (const [reason, said] of [
    ['blocked', 'declined'],
    ['busy', 'busy'],
  ] as const)
    it(`by me as ${reason} is a rejection that says ${said}`, () => {
      assert.deepEqual(endedBy(reason), [
        send({ kind: 'reject', reason: said }),
        closed({ kind: 'local', reason }),
      ]);
    });

  it('by them is known with its reason and not answered', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.hear({ kind: 'close', reason: 'stopping' }), [
      closed({ kind: 'peer', reason: 'stopping' }),
    ]);
  });

  it('by a broken connection is told to nobody', () => {
    const link = new ToldMachine();
    link.meet();
    assert.deepEqual(link.tell({ kind: 'lost' }), [closed({ kind: 'lost' })]);
  });

  it('is the last thing: nothing changes it', () => {
    const link = new ToldMachine();
    link.meet();
    link.tell({ kind: 'lost' });
    assert.deepEqual(link.hear({ kind: 'entry', ...entry(1) }), []);
    assert.deepEqual(link.tell({ kind: 'end', reason: 'stopping' }), []);
    assert.deepEqual(link.pass(1e9), []);
  });
});

describe('a frame at the wrong time', () => {
  const frames: LinkFrame[] = [
    theirHello,
    { kind: 'accept' },
    { kind: 'reject', reason: 'declined' },
    { kind: 'entry', ...entry(1) },
    { kind: 'received', upTo: 1 },
    { kind: 'read', upTo: 1 },
    { kind: 'ready', transferId, session, firstBlock: 0 },
    { kind: 'digest', transferId, session, sha256: 'e'.repeat(64) },
    { kind: 'reading', transferId, session },
    { kind: 'typing', on: true },
    { kind: 'shared', items: [] },
    { kind: 'fetch', itemId: 'a'.repeat(32), transferId },
    { kind: 'fetchRefused', transferId, code: 'notShared' },
    { kind: 'ping', id: 1 },
    { kind: 'pong', id: 1 },
    { kind: 'close', reason: 'other' },
  ];
  const everyKind = frames.map(({ kind }) => kind);
  const saidWhileUp = ['ready', 'digest', 'reading', 'typing', 'shared', 'fetch', 'fetchRefused'] as const;
  const states: [string, () => ToldMachine, LinkFrame['kind'][]][] = [
    ['greeting', greeting, ['hello']],
    ['waiting', () => met({}, { accepts: false }), ['accept', 'reject', 'ping', 'pong', 'close']],
    ['asked', () => met({ accepts: false }, {}), ['reject', 'ping', 'pong', 'close']],
    ['up', () => met({}, {}), [...saidWhileUp, 'reject', 'entry', 'ping', 'pong', 'close']],
  ];

  for (const [state, make, legal] of states) {
    it(`ends the link as a protocol error while ${state}`, () => {
      const refused = frames.filter((frame) => isProtocolError(make().hear(frame))).map(({ kind }) => kind);
      assert.deepEqual(
        refused,
        everyKind.filter((kind) => !legal.includes(kind)),
      );
    });

    it(`made of garbage ends the link while ${state}`, () => {
      const outs = make().tell({ kind: 'garbage', problem: 'frame.text at 4: is not JSON' });
      assert.deepEqual(outs, [
        closing('protocol'),
        closed({ kind: 'protocol', problem: 'frame.text at 4: is not JSON' }),
      ]);
    });
  }
});

function greeting(): ToldMachine {
  const link = new ToldMachine();
  link.tell({ kind: 'start' });
  return link;
}

function met(...[mine, theirs]: [object, object]): ToldMachine {
  const link = new ToldMachine(mine);
  link.meet(theirs);
  return link;
}

function isProtocolError(outs: LinkOut[]): boolean {
  return outs.some((out) => out.kind === 'closed' && out.end.kind === 'protocol');
}

function endedBy(reason: LocalEnd): LinkOut[] {
  const link = new ToldMachine();
  link.meet();
  return link.tell({ kind: 'end', reason });
}

/** The other side answers pings until `until`. */
function keepAlive(link: ToldMachine, until: number): void {
  for (let at = link.now + 5_000; at <= until; at += 5_000) {
    assert.deepEqual(link.pass(at), []);
    link.hear({ kind: 'pong', id: 0 });
  }
}
