import assert from 'node:assert/strict';
import { shortName } from '../../../src/extension/peers/transferText.ts';

describe('a name where there is little room', () => {
  it('keeps its start and its ending', () => {
    assert.equal(shortName('diagram.png'), 'diagram.png');
    assert.equal(shortName('a very long name of a picture.png'), 'a very long…icture.png');
  });

  it('is cut between what one sees as characters', () => {
    const family = '👩‍👩‍👧‍👦';
    assert.equal(shortName(family.repeat(9)), family.repeat(9));
    assert.equal(shortName(family.repeat(30)), `${family.repeat(11)}…${family.repeat(10)}`);
  });
});
