// One accepted file over a line so thin that a block of it takes longer than a carrier may be silent.

import assert from 'node:assert/strict';
import { MEETING_MS, PART_NEWS_MS, SILENT_MS } from '../../../src/engine/transfer/carrierParams.ts';
import { BLOCK_BYTES } from '../../../src/engine/transfer/params.ts';
import { TLS_CARRIER } from '../../../src/wire/linkFrames.ts';
import { passingTime } from '../../support/passingTime.ts';
import { receiveTrial } from './receiveTrial.ts';

describe('a file that is being taken over a thin line', () => {
  const { sessions, probes, link, runWith, lastSession } = receiveTrial();
  const pass = passingTime(PART_NEWS_MS);

  /** Parts come over `carrier` alone, but for what is on the way to another one. */
  const passWith = (ms: number, carrier: string) =>
    pass(ms, () => lastSession().kind === carrier && lastSession().events.onPart(500));

  it('stays with the carrier that brings parts of a block, once the other one has brought nothing', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link(TLS_CARRIER));
    await passWith(60_000, 'udp');
    assert.deepEqual(
      sessions.map(({ kind }) => kind),
      ['tls', 'udp'],
    );
    assert.equal(probes(), 0, 'and no link is doubted');
    await pass(SILENT_MS + PART_NEWS_MS);
    assert.equal(lastSession().kind, 'tls', 'until it is silent');
  });

  it('stays with a connection that was made, once the other carrier has brought nothing', async () => {
    const { run } = await runWith(5 * BLOCK_BYTES, 0);
    run.start(link(TLS_CARRIER));
    const kinds = () => sessions.map(({ kind }) => kind);
    await pass(MEETING_MS + SILENT_MS + 500);
    assert.deepEqual(kinds(), ['tls', 'udp', 'tls']);
    await pass(2 * MEETING_MS - 1_000);
    lastSession().events.onConnected();
    await pass(2 * MEETING_MS - 500);
    assert.deepEqual(kinds(), ['tls', 'udp', 'tls']);
    await pass(1_000);
    assert.deepEqual(kinds(), ['tls', 'udp', 'tls', 'udp']);
  });
});
