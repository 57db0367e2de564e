import assert from 'node:assert/strict';
import { Emitter } from '../../src/base/emitter.ts';

describe('Emitter', () => {
  it('tells every listener in order, the same one twice if it asked twice', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const listener = (value: number) => heard.push(`b${value}`);
    emitter.event((value) => heard.push(`a${value}`));
    emitter.event(listener);
    const second = emitter.event(listener);
    emitter.fire(1);
    second.dispose();
    second.dispose();
    emitter.fire(2);
    assert.deepEqual(heard, ['a1', 'b1', 'b1', 'a2', 'b2']);
  });

  it('delivers what is fired by a listener after what is being delivered', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    emitter.event((value) => {
      heard.push(`first ${value}`);
      if (value === 1) emitter.fire(2);
    });
    emitter.event((value) => heard.push(`second ${value}`));
    emitter.fire(1);
    assert.deepEqual(heard, ['first 1', 'second 1', 'first 2', 'second 2']);
  });

  it('goes on with the other listeners when one throws, and tells of the error', () => {
    const errors: unknown[] = [];
    const emitter = new Emitter<number>((error) => errors.push(error));
    const heard: number[] = [];
    const broken = new Error('broken');
    emitter.event(() => {
      throw broken;
    });
    emitter.event((value) => heard.push(value));
    emitter.fire(1);
    emitter.fire(2);
    assert.deepEqual(heard, [1, 2]);
    assert.deepEqual(errors, [broken, broken]);
  });

  it('does not tell listeners that came during a delivery of the value that is being delivered', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    emitter.event((value) => {
      if (value === 1) emitter.event((late) => heard.push(late));
    });
    emitter.fire(1);
    emitter.fire(2);
    assert.deepEqual(heard, [2]);
  });

  it('is silent once disposed, in the middle of a delivery too', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    emitter.event((value) => {
      heard.push(value);
      emitter.fire(value + 1);
      emitter.dispose();
    });
    emitter.fire(1);
    emitter.fire(5);
    assert.deepEqual(heard, [1]);
  });
});
