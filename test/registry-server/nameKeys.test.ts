// Which names are one name, which only look like one, and where a name stands in the directory.

import assert from 'node:assert/strict';
import { type NameKeys, nameKeysOf, skeletonOf, sortKeyOf } from '../../registry-server/nameKeys.ts';
import { nameProblem, tidyName } from '../../src/contract/names.ts';
import { seededRandom } from '../support/seededRandom.ts';

function keysOf(name: string): NameKeys {
  const keys = nameKeysOf(tidyName(name));
  assert.ok(keys, name);
  return keys;
}

describe('the keys of a name', () => {
  it('are the same however the name is cased, composed, or typed on another keyboard', () => {
    const spellings: [string, string][] = [
      ['Sara', 'sARA'],
      ['Jose\u0301', 'JOSÉ'],
      ['Straße', 'STRASSE'],
      ['Straße', 'STRAẞE'],
      ['Sara', 'Sara\u2800'],
      ['Sara B', '\u{1d159}Sara \u2800B'],
      ['ＳＡＲＡ', 'sara'],
      ['Οδυσσεύς', 'ΟΔΥΣΣΕΎΣ'],
      ['على\u200cرضا'.replace('ى', 'ی'), 'علیرضا'],
      ['علي', 'علی'],
      ['كامران', 'کامران'],
      ['سارا۲', 'سارا2'],
      ['❤️', '❤'],
    ];
    for (const [one, other] of spellings) assert.deepEqual(keysOf(one), keysOf(other), `${one} / ${other}`);
  });

  it('are the same in upper and in lower case, whatever the character', () => {
    for (let point = 0x20; point <= 0x10_ffff; point++) {
      const character = String.fromCodePoint(point);
      const cases = [character.toUpperCase(), character.toLowerCase()].filter((one) => one !== character);
      for (const other of cases) assert.equal(sortKeyOf(other), sortKeyOf(character), character);
    }
  });

  it('give one skeleton to names that look the same and are not', () => {
    const pairs: [string, string][] = [
      ['Sara', 'Ѕаrа'],
      ['bob', 'b0b'],
      ['Bill', 'BiIl'],
      ['paul1', 'pauIl'],
      ['CEO', 'СЕО'],
      ['ANNA', 'ΑΝΝΑ'],
      ['scope', 'ѕсоре'],
      ["o'neil", 'o’neil'],
      ['a-b', 'a–b'],
      ['علی', 'علـی'],
      ['مینا', 'مینا\u200d'],
      ['sara', 's\u034fara'],
    ];
    for (const [one, other] of pairs)
      assert.equal(keysOf(one).skeleton, keysOf(other).skeleton, `${one} / ${other}`);
  });

  it('keep apart what people keep apart', () => {
    const names = [
      'sara',
      'sarah',
      'Sára',
      'سارا',
      'ساره',
      'peer2',
      'peer3',
      'peer 2',
      'Иван',
      'ivan',
      'علی',
      'على رضا',
      '李',
      '🐟',
    ];
    assert.equal(new Set(names.map((name) => keysOf(name).skeleton)).size, names.length);
    assert.equal(new Set(names.map((name) => keysOf(name).sortKey)).size, names.length);
  });

  it('have one skeleton for one sort key', () => {
    for (const name of ['Sara', 'Ѕаrа', 'Straße', 'سارا۲']) {
      const { sortKey, skeleton } = keysOf(name);
      assert.equal(skeletonOf(sortKey), skeleton);
    }
  });

  it('start with the keys of the beginning of the name, so that a search as one types finds it', () => {
    for (const [name, typed] of [
      ['Sara Ahmadi', 'sArA a'],
      ['علیرضا', 'علي'],
      ['José', 'Jo'],
    ] as const) {
      assert.ok(keysOf(name).sortKey.startsWith(sortKeyOf(typed)), name);
    }
  });

  it('are refused for a name of ligatures that are whole sentences', () => {
    assert.equal(nameProblem('\ufdfa'.repeat(64)), undefined);
    assert.equal(nameKeysOf('\ufdfa'.repeat(64)), undefined);
  });

  it('fit for every name of 64 ordinary characters', () => {
    for (const letter of ['x', 'é', 'س', '李', '한', '🐟', 'ΐ']) assert.ok(keysOf(letter.repeat(64)), letter);
  });

  it('exist or not for any string, and never hold what marks the end of a range', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 3_000; i++) {
      const length = Math.floor(random() * 20);
      const points = Array.from({ length }, () => Math.floor(random() * (i % 2 ? 0x3000 : 0x110000)));
      const text = String.fromCodePoint(...points);
      const sortKey = sortKeyOf(tidyName(text));
      assert.ok(!sortKey.includes('\u{10ffff}'), JSON.stringify(text));
      assert.equal(skeletonOf(sortKey), skeletonOf(sortKeyOf(tidyName(text))));
    }
  });
});
