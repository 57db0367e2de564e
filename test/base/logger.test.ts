import assert from 'node:assert/strict';
import { type LogLine, loggerOf } from '../../src/base/logger.ts';

describe('loggerOf', () => {
  it('writes lines that say level and room, and the stack of a cause', () => {
    const lines: LogLine[] = [];
    const log = loggerOf('link', (line) => lines.push(line));
    const cause = new Error('boom');
    log.info('up');
    log.error('down', cause);
    log.error('down');
    assert.deepEqual(lines, [
      { level: 'info', room: 'link', text: 'up' },
      { level: 'error', room: 'link', text: `down: ${cause.stack}` },
      { level: 'error', room: 'link', text: 'down' },
    ]);
  });
});
