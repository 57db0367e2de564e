import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseHeadless, writtenLine } from '../../src/engine/headless.ts';

describe('the words of the headless engine', () => {
  it('may be few', () => {
    assert.deepEqual(parseHeadless(['--stdio', '--data', 'd']), {
      start: { dataDir: 'd', port: 0, downloadFolder: path.join('d', 'received'), autoAccept: false },
      logFormat: 'text',
      signUp: undefined,
    });
  });

  it('may be all', () => {
    const json = ['--log-format', 'json'];
    const words = ['--stdio', '--data', 'd', '--name', 'سارا', '--registry', 'http://h:1', '--host', '::1'];
    assert.deepEqual(
      parseHeadless([...words, '--port', '65535', '--downloads', 'x', '--auto-accept', ...json]),
      {
        start: { dataDir: 'd', port: 65_535, downloadFolder: 'x', autoAccept: true, listenHost: '::1' },
        logFormat: 'json',
        signUp: { name: 'سارا', registryUrl: 'http://h:1' },
      },
    );
  });

  it('know the home folder where no shell has put it in', () => {
    const options = parseHeadless(['--stdio', '--data=~/hamta']);
    assert.equal(typeof options === 'object' && options.start.dataDir, `${homedir()}/hamta`);
  });

  it('ask for help', () => {
    assert.equal(parseHeadless(['--help']), '');
  });

  for (const [words, problem] of [
    [['--data', 'd'], /--stdio is missing/],
    [['--stdio'], /--data DIR is missing/],
    [['--stdio', '--data', 'd', '--port', '70000'], /--port 70000/],
    [['--stdio', '--data', 'd', '--port', 'x'], /--port x/],
    [['--stdio', '--data', 'd', '--port', ''], /--port/],
    [['--stdio', '--data', 'd', '--name', 'a'], /--name and --registry/],
    [['--stdio', '--data', 'd', '--log-format', 'xml'], /--log-format takes one of text, json/],
    [['--stdio', '--data', 'd', '--nonsense'], /--nonsense/],
    [['--stdio', '--data', 'd', 'more'], /more/],
  ] as const) {
    it(`are refused with a reason when they are "${words.join(' ')}"`, () => {
      const said = parseHeadless(words);
      assert.match(typeof said === 'string' ? said : 'nothing', problem);
    });
  }
});

describe('a line of the headless engine', () => {
  const line = {
    level: 'info',
    room: 'transfer',
    text: 'a.bin: saved',
    fields: { record: 'saved' },
  } as const;

  it('is a sentence for people', () => {
    assert.equal(writtenLine(line, 'text'), 'info transfer: a.bin: saved\n');
  });

  it('is one object for machines, with its fields', () => {
    const written = writtenLine({ ...line, text: 'a\nb' }, 'json');
    assert.equal(written.indexOf('\n'), written.length - 1);
    assert.deepEqual(JSON.parse(written), { ...line, text: 'a\nb' });
  });
});
