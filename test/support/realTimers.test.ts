import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { silentDisk } from './badDisks.ts';
import { realTimers } from './realTimers.ts';

describe('timers that were stopped', () => {
  it('go by themselves again, though a bad disk came and went meanwhile', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    silentDisk(/nowhere/)[Symbol.dispose]();
    realTimers();
    assert.equal(await pause(1, 'went off'), 'went off');
  });
});
