import assert from 'node:assert/strict';
import { FIRST_RTT_MS } from '../../../src/engine/transfer/params.ts';
import { RttEstimate } from '../../../src/engine/transfer/rttEstimate.ts';

describe('RttEstimate', () => {
  it('takes the first sample as it is', () => {
    const rtt = new RttEstimate();
    assert.equal(rtt.hasSample, false);
    rtt.update(40, 25);
    assert.equal(rtt.smoothedMs, 40);
    assert.equal(rtt.probeTimeoutMs, 40 + 4 * 20 + 6);
  });

  it('smooths further samples, less what the receiver waited (RFC 9002, 5.3)', () => {
    const rtt = new RttEstimate();
    rtt.update(40, 0);
    rtt.update(60, 4);
    assert.equal(rtt.smoothedMs, 40 + (56 - 40) / 8);
    assert.equal(rtt.longerMs, 60);
  });

  it('has a probe wait for as long as samples vary (RFC 9002, 5.3 and 6.2.1)', () => {
    const rtt = new RttEstimate();
    assert.equal(rtt.probeTimeoutMs, FIRST_RTT_MS + 2 * FIRST_RTT_MS + 6);
    for (const sampleMs of [40, 40, 120]) rtt.update(sampleMs, 0);
    const variationMs = 15 + (80 - 15) / 4;
    assert.equal(rtt.probeTimeoutMs, 50 + 4 * variationMs + 6);
  });

  it('takes the receiver’s word down to the shortest that was seen of late', () => {
    const rtt = new RttEstimate();
    for (const sampleMs of [40, 24]) rtt.update(sampleMs, 0);
    assert.equal(rtt.smoothedMs, 38);
    rtt.update(40, 10);
    assert.equal(rtt.smoothedMs, 37);
  });

  it('is not talked below the shortest that was seen', () => {
    const rtt = new RttEstimate();
    rtt.update(40, 0);
    rtt.update(41, 30);
    assert.equal(rtt.smoothedMs, 40 + 1 / 8);
  });
});
