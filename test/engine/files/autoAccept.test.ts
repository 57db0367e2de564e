import assert from 'node:assert/strict';
import { AutoAccept, isComing, MAX_AUTO_ACCEPTED } from '../../../src/engine/files/autoAccept.ts';
import { SMALL_BYTES } from '../../../src/engine/transfer/params.ts';
import { ALI, BABAK } from '../store/support.ts';

/** At the end of a name. */
const SMALL = 'small';

describe('files that are taken unasked', () => {
  let wanted: Set<string>;
  let running: string[];
  let told: string[];
  let auto: AutoAccept;

  beforeEach(() => {
    wanted = new Set([ALI]);
    running = [];
    told = [];
    const rules = {
      isWanted: (peer: string) => wanted.has(peer),
      coming: (peer: string) =>
        running.filter((id) => id.startsWith(peer)).map((id) => fileOf(peer, id.slice(peer.length + 1))),
      accept: async (id: string) => {
        if (id.endsWith('full')) throw new Error('the disk is full');
        running.push(id);
      },
    };
    const log = { debug() {}, info() {}, warn: (text: string) => void told.push(text), error() {} };
    auto = new AutoAccept(rules, log);
  });

  /** A large file, unless its name says otherwise. */
  const fileOf = (peer: string, name: string) => ({
    id: `${peer} ${name}`,
    sizeBytes: name.endsWith(SMALL) ? SMALL_BYTES : SMALL_BYTES + 1,
  });
  const offer = (...names: string[]) =>
    Promise.all(names.map((name) => auto.offered(ALI, fileOf(ALI, name))));
  /** Be it on its way, in line, or neither. */
  const end = (name: string) => {
    running = running.filter((id) => id !== `${ALI} ${name}`);
    return auto.ended(ALI, `${ALI} ${name}`);
  };
  const names = () => running.map((id) => id.slice(ALI.length + 1));

  it('are those of whom my person wants it', async () => {
    await offer('a');
    await auto.offered(BABAK, fileOf(BABAK, 'b'));
    assert.deepEqual(names(), ['a']);
  });

  it('are a few of one person at a time; the others follow in their order', async () => {
    const all = ['1', '2', '3', '4', '5', '6', '7'];
    await offer(...all);
    assert.deepEqual(names(), all.slice(0, MAX_AUTO_ACCEPTED));
    await end('1');
    await end('2');
    assert.deepEqual(names(), ['3', '4', '5', '6']);
  });

  it('follow with the small ones first, whatever their order', async () => {
    const small = `b${SMALL}`;
    await Promise.all([offer('1'), offer('2', small)]);
    assert.deepEqual(names(), ['1', small, '2']);
  });

  it('follow also where room comes in the turn in which there was none', async () => {
    await offer('1', '2', '3', '4', '5');
    await Promise.all([end('declined'), end('1')]);
    assert.deepEqual(names(), ['2', '3', '4', '5']);
  });

  it('have a line of their own where they are small: a picture does not wait until large files are here', async () => {
    const large = ['1', '2', '3', '4', '5'];
    await offer(...large);
    const small = ['a', 'b', 'c', 'd', 'e'].map((name) => name + SMALL);
    await offer(...small);
    assert.deepEqual(names(), [...large.slice(0, MAX_AUTO_ACCEPTED), ...small.slice(0, MAX_AUTO_ACCEPTED)]);
    await end(`a${SMALL}`);
    assert.equal(names().at(-1), small[4]);
    await end('1');
    assert.equal(names().at(-1), '5');
  });

  it('are not those whose offers have ended in line', async () => {
    await offer('1', '2', '3', '4', '5', '6');
    await end('5');
    await end('1');
    assert.deepEqual(names(), ['2', '3', '4', '6']);
  });

  it('are those that an engine before has left open, too, with the first link alone', async () => {
    await auto.resume(ALI, [fileOf(ALI, '1'), fileOf(ALI, '2')]);
    await auto.resume(ALI, [fileOf(ALI, '3')]);
    await auto.resume(BABAK, [fileOf(BABAK, '4')]);
    assert.deepEqual(names(), ['1', '2']);
  });

  it('do not hold each other up when one cannot be taken', async () => {
    await offer('1', 'full', '2');
    assert.deepEqual(names(), ['1', '2']);
    assert.deepEqual(told, ['a file was not taken by itself: Error: the disk is full']);
  });

  it('are asked about again from the moment that my person wants that', async () => {
    await offer('1', '2', '3', '4', '5');
    wanted.delete(ALI);
    for (const name of ['1', '2', '3', '4']) await end(name);
    wanted.add(ALI);
    await end('another');
    assert.deepEqual(names(), []);
  });

  it('count while they are on their way here', () => {
    const transfer = { id: '', peer: ALI, name: '', mediaType: '', sizeBytes: 1 };
    const kinds = (['send', 'receive'] as const).flatMap((direction) =>
      (['offered', 'waiting', 'checking', 'rejected'] as const).map((kind) =>
        isComing({ ...transfer, direction, state: { kind } }),
      ),
    );
    assert.deepEqual(kinds, [false, false, false, false, false, true, true, false]);
  });
});
