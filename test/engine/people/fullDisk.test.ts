// What a registry says of friends while the store has no room for it: work that nobody waits for.

import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { ALI, BABAK } from '../store/support.ts';
import { answered, CARLA, listed, PeopleTrial } from './peopleTrial.ts';

describe('people on a full disk', () => {
  let trial: PeopleTrial;

  beforeEach(() => {
    trial = new PeopleTrial();
    trial.befriend(ALI, 'Ali');
    trial.befriend(BABAK, 'Babak');
    trial.signed.set(ALI, 'Ali Reza');
    trial.store.contacts.put = () => {
      throw fail('diskFull', { path: 'hamta.db' });
    };
  });
  afterEach(() => trial.remove());

  it('have the name that they have signed, which is noted with the next that is learned of them', async () => {
    trial.people.setDirectory([listed(ALI, 'Ali Reza')]);
    await answered();
    assert.equal(trial.shown(ALI)?.name, 'Ali Reza');
    Reflect.deleteProperty(trial.store.contacts, 'put');
    trial.people.seen(ALI);
    assert.equal(trial.store.contacts.get(ALI)?.name, 'Ali Reza');
  });

  it('are told apart from another key that has their name, which is pushed alone', () => {
    trial.people.setDirectory([listed(ALI, 'Ali')]);
    trial.people.setDirectory([listed(ALI, 'Ali'), listed(CARLA, 'Babak')], [CARLA]);
    assert.deepEqual([trial.shown(BABAK)?.nameConflict, trial.shown(CARLA)], [CARLA, undefined]);
  });

  it('are judged again at the next start', async () => {
    trial.people.setDirectory([listed(ALI, 'Ali Reza'), listed(CARLA, 'Babak')]);
    await answered();
    trial.open();
    trial.people.setDirectory([listed(ALI, 'Ali Reza'), listed(CARLA, 'Babak')]);
    await answered();
    assert.deepEqual([trial.shown(ALI)?.name, trial.shown(BABAK)?.nameConflict], ['Ali Reza', CARLA]);
  });
});
