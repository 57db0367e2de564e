import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { root } from '../../scripts/setup/places.mjs';
import { type Lane, uiLanes, unitLanes } from '../../scripts/testing/lanes.ts';

function found(pattern: string, except: string): string[] {
  const inEditor = new Set(except === '' ? [] : globSync(except, { cwd: root }));
  return globSync(pattern, { cwd: root }).filter((file) => !inEditor.has(file));
}

function filesOf(lanes: readonly Lane[]): string[] {
  return lanes.flatMap(({ files, except = '' }) => found(files, except));
}

describe('The lanes of npm test', () => {
  it('take each file that needs no editor once', () => {
    const files = found('test/**/*.test.ts', 'test/editor/**');
    assert.ok(files.length > 300);
    assert.deepEqual(filesOf(unitLanes).sort(), files.sort());
  });

  it('take each story of the editor once', () => {
    const stories = found('test/editor/ui/**/*.test.ts', '');
    assert.ok(stories.length > 20);
    assert.deepEqual(filesOf(uiLanes).sort(), stories.sort());
  });

  it('have a name each, and none is empty', () => {
    const lanes = [...unitLanes, ...uiLanes];
    assert.equal(new Set(lanes.map(({ name }) => name)).size, lanes.length);
    for (const lane of lanes) assert.ok(filesOf([lane]).length > 0, lane.name);
  });
});
