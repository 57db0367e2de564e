// The programs of a part of npm test beside each other, as processes that write tallies and words.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Background } from '../../scripts/run/background.ts';
import { root } from '../../scripts/setup/places.mjs';
import { until } from '../support/until.ts';

const RUNNER = pathToFileURL(path.join(root, 'scripts', 'testing', 'tallied.ts')).href;
const BACKGROUND = pathToFileURL(path.join(root, 'scripts', 'run', 'background.ts')).href;
const LIMIT_MS = 20_000;

interface Run {
  /** The ends of their names, with what each does; see programOf. */
  readonly programs: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly atOnce?: number;
}

describe('The programs of a part of npm test', function () {
  this.timeout(2 * LIMIT_MS);
  let folder: string;
  let prefix: string;

  beforeEach(async () => {
    const results = path.join(root, 'test-results');
    await mkdir(results, { recursive: true });
    folder = await mkdtemp(path.join(results, 'beside-'));
    prefix = path.basename(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  function start({ programs, timeoutMs = LIMIT_MS, atOnce = 3 }: Run): Background {
    const given = Object.entries(programs).map(([name, work]) => ({
      name: `${prefix}/${name}`,
      args: ['-e', programOf(path.join(folder, `${name}.json`), work)],
    }));
    const program = `
      const { runTallied } = await import(${JSON.stringify(RUNNER)});
      const { endOnSignals } = await import(${JSON.stringify(BACKGROUND)});
      endOnSignals();
      const result = await runTallied(${JSON.stringify(given)}, ${timeoutMs}, ${atOnce});
      console.log('result ' + JSON.stringify(result));
    `;
    return new Background({
      name: 'npm test',
      command: process.execPath,
      args: ['--input-type=module', '-e', program],
    });
  }

  /** What it came to, and all that was shown before. */
  async function run(options: Run): Promise<{ readonly result: unknown; readonly shown: string }> {
    const running = start(options);
    const [, result = ''] = await running.said(/result (.*)\n/, LIMIT_MS);
    await running.ended;
    return { result: JSON.parse(result), shown: running.output };
  }

  it('run at the same time, and their tallies are added up', async () => {
    const { result } = await run({
      programs: {
        one: `begin('one'); await until('two'); pass(2);`,
        two: `begin('two'); await until('one'); pass(1);`,
      },
    });
    assert.deepEqual(result, { passed: 3, failed: 0 });
  });

  it('run one after the other where they have to', async () => {
    const { result } = await run({
      programs: { one: `await wait(300); begin('one'); pass(1);`, two: `if (begun('one')) pass(1);` },
      atOnce: 1,
    });
    assert.deepEqual(result, { passed: 2, failed: 0 });
  });

  it('are shown in turn, however their words come, each under its name', async () => {
    const names = ['one', 'two', 'three'];
    const work = (name: string) => {
      const waits = names.map((other) => `await until('${other}');`).join(' ');
      return `say('${name} begins'); begin('${name}'); ${waits} say('${name} ends'); pass(1);`;
    };
    const { shown } = await run({ programs: Object.fromEntries(names.map((name) => [name, work(name)])) });
    const inTurn = names.flatMap((name) => [`-- ${prefix}/${name}`, `${name} begins`, `${name} ends`]);
    const lines = shown.split('\n').filter((line) => line !== '');
    assert.deepEqual(lines.slice(0, -1), inTurn);
  });

  it('fail once where one of them dies, and the others count', async () => {
    const { result, shown } = await run({
      programs: { one: 'pass(3);', two: `say('oh'); process.exit(9);`, three: 'pass(2);' },
    });
    assert.deepEqual(result, { passed: 5, failed: 1 });
    assert.match(shown, /^oh$/m);
    assert.match(shown, new RegExp(`${prefix}/two: it ended with code 9 and without a result`));
  });

  for (const atOnce of [3, 1])
    it(`have one time limit together, ${atOnce} at once`, async () => {
      const { result, shown } = await run({
        programs: { one: 'await wait(60_000);', two: 'await wait(60_000);' },
        ...{ timeoutMs: 500, atOnce },
      });
      assert.deepEqual(result, { passed: 0, failed: 2 });
      for (const name of ['one', 'two'])
        assert.match(shown, new RegExp(`${prefix}/${name} did not end in time and is stopped`));
    });

  it('end with the one that runs them', async () => {
    const serve = (name: string) => `begin('${name}', await served()); await until('two'); say('serves');`;
    const running = start({ programs: { one: serve('one'), two: serve('two') } });
    await running.said(/serves/, LIMIT_MS);
    process.kill(Number(running.pid), 'SIGINT');
    for (const name of ['one', 'two']) {
      const port = await readFile(path.join(folder, `${name}.begun`), 'utf8');
      await until(`the end of ${name}`, LIMIT_MS, async () => !(await isServed(Number(port))));
    }
    await running.ended;
  });
});

async function isServed(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function programOf(tally: string, work: string): string {
  return `
    const { existsSync, writeFileSync } = require('node:fs');
    const marker = (name) => require('node:path').join(${JSON.stringify(path.dirname(tally))}, name + '.begun');
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const say = console.log;
    const begin = (name, port) => writeFileSync(marker(name), String(port));
    const served = () => new Promise((resolve) => {
      const server = require('node:net').createServer().listen(0, '127.0.0.1', () => resolve(server.address().port));
    });
    const begun = (name) => existsSync(marker(name));
    const until = async (name) => { while (!begun(name)) await wait(10); };
    const pass = (passed) => writeFileSync(${JSON.stringify(tally)}, JSON.stringify({ passed, failed: 0, pending: 0 }));
    void (async () => { ${work} })();
  `;
}
