import assert from 'node:assert/strict';
import { failure } from '../../src/contract/failure.ts';
import { lineOf } from '../../src/peer/journal.ts';
import { messageOf, peerChanged, peerOf, stateOf, transferChanged, transferOf } from './things.ts';

const text = (written: string) =>
  ({ kind: 'messageAdded', message: messageOf({ kind: 'text', text: written }) }) as const;

describe('the journal of the demo peer', () => {
  it('has a line for each change of a link that a person would notice', () => {
    assert.equal(lineOf(peerChanged({ link: 'asking' }), stateOf()), '"sara" wants to connect');
    assert.equal(lineOf(peerChanged({ link: 'connected' }), stateOf(peerOf())), '"sara" is connected');
    const before = stateOf(peerOf({ link: 'connected' }));
    assert.equal(lineOf(peerChanged({ link: 'none' }), before), '"sara" is not connected any more');
    assert.equal(lineOf(peerChanged({ link: 'none' }), stateOf()), undefined);
    assert.equal(lineOf(peerChanged({ link: 'connected', unread: 1 }), before), undefined);
  });

  it('shows texts on one line, cut, and without what a terminal would obey', () => {
    assert.equal(lineOf(text('سلام\nدنیا'), stateOf(peerOf())), 'from "sara": "سلام\\nدنیا"');
    assert.equal(
      lineOf(text('\u001b[31mred\u009b0m\u202e'), stateOf(peerOf())),
      'from "sara": "\\u001b[31mred 0m "',
    );
    assert.equal(lineOf(text('x'.repeat(81)), stateOf(peerOf())), `from "sara": "${'x'.repeat(80)}" …`);
  });

  it('says which way what is said and sent goes, and why a file did not get there', () => {
    const mine = messageOf({ kind: 'text', text: 'hi' }, 'me');
    assert.equal(lineOf({ kind: 'messageAdded', message: mine }, stateOf(peerOf())), 'to "sara": "hi"');
    const failed = { kind: 'failed', failure: failure('fileChanged', { name: 'cat.png' }) } as const;
    const line = lineOf(transferChanged(transferOf(failed, { direction: 'send' })), stateOf(peerOf())) ?? '';
    assert.match(line, /^"cat\.png", 1000 bytes, to "sara": failed \(.*cat\.png.*\)$/);
  });

  it('has no line for what has one of its own elsewhere, or is no news', () => {
    const offered = messageOf({ kind: 'transfer', transferId: '1' });
    const { registry } = stateOf();
    const events = [
      { kind: 'messageAdded', message: offered } as const,
      { kind: 'registryChanged', registry } as const,
    ];
    for (const event of events) assert.equal(lineOf(event, stateOf(peerOf())), undefined);
    const dialling = peerChanged({ link: 'dialling' });
    assert.equal(lineOf(dialling, stateOf(peerOf())), undefined);
  });

  it('calls strangers by their key', () => {
    assert.equal(lineOf(text('a'), stateOf()), 'from "aaaaaaaa": "a"');
  });

  it('has a line for each stage of a transfer, not for each percent', () => {
    const running = { kind: 'running', bytes: 1, bytesPerSecond: 1, attempt: 1 } as const;
    const first = transferChanged(transferOf(running));
    assert.equal(lineOf(first, stateOf(peerOf())), '"cat.png", 1000 bytes, from "sara": running');
    assert.equal(lineOf(first, stateOf(peerOf(), transferOf(running))), undefined);
  });

  it('says once that the registry is away', () => {
    const gone = failure('registryUnreachable', { url: 'http://127.0.0.1:1' });
    const registry = {
      kind: 'failing',
      url: 'http://127.0.0.1:1',
      failure: gone,
      since: 1,
      nextTryAt: 2,
    } as const;
    const event = { kind: 'registryChanged', registry } as const;
    assert.match(lineOf(event, stateOf()) ?? '', /^No registry answers at http:\/\/127\.0\.0\.1:1\./);
    assert.equal(lineOf(event, { ...stateOf(), registry }), undefined);
  });
});
