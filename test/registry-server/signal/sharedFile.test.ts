// Two registries on one file, as two windows of an editor start them: neither hears the other, and both tell the truth.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteStore } from '../../../registry-server/store/sqliteStore.ts';
import { signedPeer } from '../signedPeer.ts';
import { type Instance, startInstance } from './instance.ts';
import { SignalClient } from './signalClient.ts';

describe('two registries on one file', () => {
  let folder: string;
  let here: Instance;
  let there: Instance;

  async function registry(): Promise<Instance> {
    const store = new SqliteStore(path.join(folder, 'registry.db'));
    return startInstance({ store, isChangedElsewhere: () => store.isChangedElsewhere() });
  }

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'hamta-shared-'));
    [here, there] = [await registry(), await registry()];
  });

  afterEach(async () => {
    await Promise.all([here.close(), there.close()]);
    rmSync(folder, { recursive: true });
  });

  it('tell who comes and goes at the other', async () => {
    const sara = signedPeer();
    const client = await SignalClient.open(here.url);
    await client.watch(['Sara']);
    await there.register(sara, 'Sara');
    await client.until(() => client.told.Sara === 'here', 'Sara');
    await there.signOff(sara, 'Sara');
    await client.until(() => client.told.Sara === 'away', 'end of Sara');
    client.close();
  });
});
