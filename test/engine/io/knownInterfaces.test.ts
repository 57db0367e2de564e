import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { knownInterfaces } from '../../../src/engine/io/knownInterfaces.ts';

describe('knownInterfaces', () => {
  const { networkInterfaces } = os;
  const tell = (ask: typeof networkInterfaces) => {
    os.networkInterfaces = ask;
    syncBuiltinESMExports();
  };
  afterEach(() => tell(networkInterfaces));

  it('are as the system tells them, and as it told them last where it does not', () => {
    const refuse = () => {
      throw new Error('uv_interface_addresses returned Unknown system error 24');
    };
    for (const now of [{ eth0: [] }, { wlan0: [] }]) {
      tell(() => now);
      assert.equal(knownInterfaces(), now);
      tell(refuse);
      assert.equal(knownInterfaces(), now);
    }
  });
});
