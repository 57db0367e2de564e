import assert from 'node:assert/strict';
import { beginHere, folderHere, type Place, placeHere } from '../../src/extension/placeHere.ts';
import { english } from './people.ts';

const place = (path: string, scheme = 'file'): Place => ({ scheme, path, fsPath: path });
const open = (...places: Place[]) => places.map((uri) => ({ uri }));

describe('a place on this computer', () => {
  const home = place('/home/sara');

  it('is looked for in the first folder that is open here', () => {
    const [first, second] = [place('/a'), place('/b')];
    assert.equal(placeHere(open(first, second), home), first);
    assert.equal(placeHere(open(place('/far', 'vscode-remote'), second), home), second);
  });

  it('is looked for at home where a remote workspace is open, or none', () => {
    assert.equal(placeHere(open(place('/far', 'vscode-remote')), home), home);
    assert.equal(placeHere([], home), home);
    assert.equal(placeHere(undefined, home), home);
  });

  it('is where the editor begins anyway, in a window of this computer alone', () => {
    assert.deepEqual(beginHere(undefined, open(place('/a')), home), {});
    assert.deepEqual(beginHere(undefined, undefined, home), {});
  });

  it('is told to a dialog that the editor would begin elsewhere', () => {
    const [here, far] = [place('/a'), place('/far', 'vscode-vfs')];
    assert.deepEqual(beginHere('ssh-remote', undefined, home), { defaultUri: home });
    assert.deepEqual(beginHere(undefined, open(far), home), { defaultUri: home });
    assert.deepEqual(beginHere(undefined, open(far, here), home), { defaultUri: here });
  });

  it('is no folder of another one, whatever its path', () => {
    assert.equal(folderHere(home, english), '/home/sara');
    assert.throws(
      () => folderHere(place('/home/sara', 'vscode-remote'), english),
      /Nothing can be saved in \/home\/sara \(it is not on this computer\)/,
    );
  });
});
