import assert from 'node:assert/strict';
import { fail } from '../../../src/contract/failure.ts';
import { canBeAskedAgain } from '../../../src/extension/engine/askedAgain.ts';

describe('a request whose engine has gone', () => {
  const gone = fail('engineGone', {});

  it('is asked again where twice is the same as once: a text, other words for it, its end, a reaction', () => {
    for (const name of ['sendText', 'editMessage', 'deleteMessage', 'react'] as const)
      assert.equal(canBeAskedAgain(name, gone), true, name);
  });

  it('is not asked again where the second time would do it twice', () => {
    assert.equal(canBeAskedAgain('offerFile', gone), false);
  });

  it('is not asked again when it was answered, if only with no', () => {
    assert.equal(canBeAskedAgain('editMessage', fail('messageUnknown', {})), false);
  });
});
