import assert from 'node:assert/strict';
import { NOT_TYPING, SAY_AGAIN_MS, typingStep } from '../../../webview/model/typing.ts';

/** What is said at each moment. */
function said(...keys: readonly [at: number, isWriting: boolean][]): (boolean | undefined)[] {
  let typing = NOT_TYPING;
  return keys.map(([at, isWriting]) => {
    const { next, say } = typingStep(typing, isWriting, at);
    typing = next;
    return say;
  });
}

describe('typing', () => {
  it('is said at the first key, now and then while it goes on, and when it is over', () => {
    const keys = said([0, true], [100, true], [SAY_AGAIN_MS, true], [SAY_AGAIN_MS + 50, false]);
    assert.deepEqual(keys, [true, undefined, true, false]);
  });

  it('that was never said is not said to be over', () => {
    assert.deepEqual(said([0, false], [10, false]), [undefined, undefined]);
  });

  it('is said at once when it begins again', () => {
    assert.deepEqual(said([0, true], [10, false], [20, true]), [true, false, true]);
  });
});
