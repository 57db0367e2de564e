import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawn, mirroredGrey } from '../../src/peer/drawing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { Person } from './person.ts';
import { Program } from './program.ts';

const NOWHERE = 'http://127.0.0.1:9';

describe('npm run peer', function () {
  // Each test starts up to five processes on a machine that may be busy.
  this.timeout(60_000);
  const folder = temporaryFolder();
  const running: { stop(): Promise<unknown> }[] = [];
  afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));
  const started = <T extends { stop(): Promise<unknown> }>(what: T): T => {
    running.push(what);
    return what;
  };
  const start = (program: string, ...args: string[]): Program => started(new Program(program, args));
  const startRegistry = async (): Promise<string> => {
    const data = join(folder.path, 'registry.sqlite');
    const registry = start('registry-server/main.ts', '--host', '127.0.0.1', '--port', '0', '--data', data);
    return (await registry.said(/http:\/\/[0-9.]+:\d+/))[0];
  };
  const startPeer = (name: string, registry: string): Program =>
    start('src/peer/main.ts', '--name', name, '--registry', registry, '--data', join(folder.path, name));

  it('is a person who answers, takes a picture and sends it back changed, and leaves when asked', async () => {
    const registry = await startRegistry();
    const demo = startPeer('demo', registry);
    await demo.said(/^hamta peer demo ready on 127\.0\.0\.1:\d+$/m);
    const sara = started(new Person(join(folder.path, 'sara')));
    await sara.meet('demo', registry);

    await sara.say('one two three');
    await sara.hears('You wrote “one two three”. The other way round: “three two one”.');
    const picture = await drawn(1);
    await writeFile(join(folder.path, 'rings.png'), picture);
    await sara.offer(join(folder.path, 'rings.png'));
    const back = await sara.receives('rings-mirrored.png');

    assert.deepEqual(await readFile(back), await mirroredGrey(picture, 1));
    assert.deepEqual(await readFile(join(folder.path, 'demo', 'received', 'rings.png')), picture);
    assert.equal(await demo.stop(), 0);
  });

  it('shares a note and a drawing with whoever it has let in', async () => {
    const registry = await startRegistry();
    await startPeer('demo', registry).said(/ready/);
    const sara = started(new Person(join(folder.path, 'sara')));
    await sara.meet('demo', registry);
    assert.match(await readFile(await sara.fetches('about sharing.txt'), 'utf8'), /made of code/);
    assert.deepEqual(await readFile(await sara.fetches('rings.png')), await drawn(0));
  });

  it('leaves when whoever has started it is gone', async () => {
    const data = ['--registry', await startRegistry(), '--data', join(folder.path, 'left')];
    const demo = started(new Program('src/peer/main.ts', data, 'pipe'));
    await demo.said(/ready/);
    demo.abandon();
    assert.equal(await demo.ended, 0);
  });

  it('comes back under its name', async () => {
    const registry = await startRegistry();
    const first = startPeer('demo', registry);
    await first.said(/ready/);
    assert.equal(await first.stop(), 0);
    await startPeer('demo', registry).said(/ready/);
  });

  it('says that a name is taken, and ends', async () => {
    const registry = await startRegistry();
    await startPeer('demo', registry).said(/ready/);
    const second = start('src/peer/main.ts', '--registry', registry, '--data', join(folder.path, 'second'));
    assert.equal(await second.ended, 1);
    assert.match(
      second.output,
      /^The name demo belongs to somebody else at this registry\. Choose another name\.$/m,
    );
  });

  it('says that there is no registry and what to do, and ends', async () => {
    const peer = startPeer('demo', NOWHERE);
    assert.equal(await peer.ended, 1);
    assert.match(peer.output, /^No registry answers at http:\/\/127\.0\.0\.1:9\. Start one/);
  });

  it('says that its folder is no place to keep anything, and ends', async () => {
    await writeFile(join(folder.path, 'demo'), 'a file where the folder should be');
    const peer = start('src/peer/main.ts', '--data', join(folder.path, 'demo', 'inside'));
    assert.equal(await peer.ended, 1);
    assert.match(
      peer.output,
      /^Nothing can be kept in .*inside \(.*\)\. Choose another folder with --data\.$/m,
    );
  });

  it('explains itself', async () => {
    const help = start('src/peer/main.ts', '--help');
    assert.equal(await help.ended, 0);
    assert.match(help.output, /^usage: node dist\/peer\.js/);
    assert.equal(await start('src/peer/main.ts', '--nmae', 'x').ended, 1);
  });
});
