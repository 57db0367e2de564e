// Inside a real editor: the extension starts, and what package.json promises is there.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('In an editor, Hamta', () => {
  const hamta = vscode.extensions.getExtension<unknown>('hamta.hamta');

  it('starts', async () => {
    assert.ok(hamta);
    await hamta.activate();
    assert.equal(hamta.isActive, true);
  });

  it('has every command that it contributes', async () => {
    const { contributes } = hamta?.packageJSON as Manifest;
    const present = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }) => !present.has(command));
    assert.deepEqual(missing, []);
    assert.ok(contributes.commands.length > 0);
  });
});
