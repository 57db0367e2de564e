import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parsePeerOptions, USAGE } from '../../src/peer/options.ts';

describe('the words after npm run peer', () => {
  it('may be none at all', () => {
    assert.deepEqual(parsePeerOptions([]), {
      kind: 'run',
      options: {
        name: 'demo',
        registryUrl: 'http://127.0.0.1:8000',
        dataDir: join(homedir(), '.hamta', 'peers', 'demo'),
        host: '127.0.0.1',
      },
    });
  });

  it('say who, where and on which address', () => {
    const args = ['--name', ' بابک ', '--registry', 'http://[::1]:9', '--data', 'x', '--host', '::1'];
    const options = { name: 'بابک', registryUrl: 'http://[::1]:9', dataDir: resolve('x'), host: '::1' };
    assert.deepEqual(parsePeerOptions(args), { kind: 'run', options });
  });

  it('never lead out of the folder of peers by a name', () => {
    const parsed = parsePeerOptions(['--name', '../..']);
    assert.equal(parsed.kind === 'run' && parsed.options.dataDir, join(homedir(), '.hamta', 'peers', 'file'));
  });

  it('ask for help', () => {
    assert.deepEqual(parsePeerOptions(['-h']), { kind: 'help' });
    for (const option of ['--name', '--registry', '--data', '--host'])
      assert.equal(USAGE.split(option).length, 3, option);
  });

  for (const args of [['--nam', 'x'], ['x'], ['--name'], ['--name', ' '], ['--registry', 'here']])
    it(`are refused with a reason when they are ${JSON.stringify(args)}`, () => {
      const parsed = parsePeerOptions(args);
      assert.ok(parsed.kind === 'wrong' && parsed.problem.length > 10);
    });
});
