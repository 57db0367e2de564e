import assert from 'node:assert/strict';
import type { ToPanel } from '../../../src/contract/panel.ts';
import { ChatTab, type TabPanel, titleOf } from '../../../src/extension/chat/chatTab.ts';
import { english, fingerprintOf, person } from '../people.ts';

/** Throws at every touch once it is closed, as the editor's does. */
class Panel implements TabPanel {
  readonly told: ToPanel[] = [];
  isDisposed = false;
  #title = 'bob';

  get visible(): boolean {
    return this.#touch(true);
  }

  get title(): string {
    return this.#touch(this.#title);
  }

  set title(title: string) {
    this.#title = this.#touch(title);
  }

  get webview() {
    return this.#touch({
      postMessage: async (message: ToPanel) => {
        this.told.push(message);
        return true;
      },
    });
  }

  #touch<T>(value: T): T {
    if (this.isDisposed) throw new Error('Webview is disposed');
    return value;
  }
}

describe('the tab of a chat', () => {
  it('bears the name, and says of a former key what it is: the new one has that name', () => {
    const standings = ['accepted', 'unknown'] as const;
    assert.deepEqual(
      standings.map((standing) =>
        titleOf(person('b', { standing, nameConflict: fingerprintOf('c') }), english),
      ),
      ['b', 'b (former key)'],
    );
    assert.equal(titleOf(person('b', { standing: 'unknown' }), english), 'b');
  });

  it('is renamed and told what there is while it is there', () => {
    const panel = new Panel();
    const tab = new ChatTab(panel);
    tab.rename('robert');
    tab.tell({ kind: 'engineAway' });
    assert.deepEqual([tab.isVisible, panel.title, panel.told], [true, 'robert', [{ kind: 'engineAway' }]]);
  });

  it('is left alone by what comes after it was closed, and is not visible: failures are told elsewhere', () => {
    const panel = new Panel();
    const tab = new ChatTab(panel);
    panel.isDisposed = true;
    tab.close();
    tab.rename('robert');
    tab.tell({ kind: 'engineAway' });
    assert.equal(tab.isVisible, false);
    assert.deepEqual(panel.told, []);
  });

  it('takes no harm when it is closed while it is told something', async () => {
    const told = Promise.reject(new Error('Webview is disposed'));
    const tab = new ChatTab({ visible: true, title: 'bob', webview: { postMessage: () => told } });
    tab.tell({ kind: 'engineAway' });
    await assert.rejects(told, /disposed/);
    assert.equal(tab.isVisible, true);
  });
});
