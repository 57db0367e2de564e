import assert from 'node:assert/strict';
import { Background } from '../../scripts/run/background.ts';

const WAIT_MS = 8_000;

function node(program: string): Background {
  return new Background({ name: 'A program', command: process.execPath, args: ['-e', program] });
}

describe('A program in the background', () => {
  it('is ready when it has said so', async () => {
    const program = node('console.log("listening on 1234"); setInterval(() => {}, 1000)');
    const [, port] = await program.said(/listening on (\d+)/, WAIT_MS);
    await program.stop();
    assert.equal(port, '1234');
  });

  it('that ends too early is quoted', async () => {
    const program = node('console.error("the port is taken"); process.exitCode = 2');
    await assert.rejects(
      program.said(/listening/, WAIT_MS),
      /ended before it was ready.*\n?the port is taken/,
    );
    await program.ended;
    assert.equal(program.exitCode, 2);
  });

  it('that cannot be started says so', async () => {
    const program = new Background({ name: 'A program', command: '/no/such/program', args: [] });
    await assert.rejects(program.said(/listening/, WAIT_MS), /ended before it was ready/);
    await program.stop();
  });

  it('that never is ready is not waited for', async () => {
    const program = node('setInterval(() => {}, 1000)');
    await assert.rejects(program.said(/listening/, 50), /was not ready within 0.05 s/);
    await program.stop();
  });

  it('takes along what it has started', async () => {
    const program = node(`
      const { spawn } = require('node:child_process');
      const serve = 'http.createServer().listen(0, "127.0.0.1", function () { console.log("child on " + this.address().port) })';
      spawn(process.execPath, ['-e', serve], { stdio: 'inherit' });
    `);
    const [, port] = await program.said(/child on (\d+)/, WAIT_MS);
    await program.stop();
    await program.stop();
    await assert.rejects(fetch(`http://127.0.0.1:${port}`));
  });
});
