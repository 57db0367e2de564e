// Where log lines go: one line for one thing, from one level up.

import assert from 'node:assert/strict';
import { logSink } from '../../registry-server/logSink.ts';
import { loggerOf } from '../../src/base/logger.ts';

describe('the log of the registry', () => {
  it('writes lines of its level and above, each with whose it is', () => {
    const written: string[] = [];
    const log = loggerOf(
      'registry',
      logSink('warn', (text) => written.push(text)),
    );
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    assert.deepEqual(written, ['hamta registry: c\n', 'hamta registry: d\n']);
  });

  it('folds a stack into its line', () => {
    const written: string[] = [];
    const log = loggerOf(
      'registry',
      logSink('info', (text) => written.push(text)),
    );
    log.error('it failed', new TypeError('x is undefined'));
    assert.equal(written.length, 1);
    assert.match(written[0] ?? '', /^hamta registry: it failed: TypeError: x is undefined \| at [^\n]*\n$/);
  });
});
