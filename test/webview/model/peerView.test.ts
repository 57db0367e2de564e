import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import type { Peer } from '../../../src/contract/peer.ts';
import type { RegistryState } from '../../../src/contract/state.ts';
import type { Choice } from '../../../webview/model/choice.ts';
import { formatOf } from '../../../webview/model/format.ts';
import { gateOf, linkChoice, noticeOf, presenceView } from '../../../webview/model/peerView.ts';
import { bob, MALLORY, SARA, stateOf } from '../support/conversation.ts';

const format = formatOf('en');
const NOW = Date.UTC(2026, 10, 20);
const MINUTE_MS = 60_000;
const plain = (text: string | undefined) => text?.replaceAll(/[\u2068\u2069]/g, '').replaceAll('\u00a0', ' ');
const wordsOf = (change: Partial<Peer>) => plain(presenceView(bob(change), format, NOW).words);
const lineOf = (change: Partial<Peer>) =>
  plain(noticeOf(stateOf(bob(change), []), bob(change), false, format)?.text);

const signedOut = stateOf(bob(), [], { me: { fingerprint: SARA, addresses: [] } });
const intentsOf = (offer: { readonly choices?: readonly Choice[] } | undefined) =>
  offer?.choices?.map(({ intent }) => intent);

describe('presenceView', () => {
  it('says the road while connected', () => {
    const paths = (['thisMachine', 'lan', 'direct'] as const).map((path) => wordsOf({ path }));
    assert.deepEqual([...paths, wordsOf({})], ['this machine', 'LAN', 'direct', 'connected']);
  });

  it('says since when somebody is away', () => {
    const change = { link: 'none', presence: 'away', lastSeenAt: NOW - 5 * MINUTE_MS } as const;
    assert.equal(wordsOf(change), 'away 5 min');
    assert.equal(wordsOf({ link: 'none', presence: 'away' }), 'away');
    assert.equal(wordsOf({ ...change, lastSeenAt: NOW - 9_000 }), 'away');
  });

  it('says what the link is doing', () => {
    const links = (['dialling', 'waiting', 'asking'] as const).map((link) => wordsOf({ link }));
    assert.deepEqual(links, ['connecting…', 'waiting for their answer', 'wants to connect']);
  });

  it('has another shape for each presence, not only another colour', () => {
    const changes: Partial<Peer>[] = [
      {},
      { link: 'none', presence: 'here' },
      { link: 'none', presence: 'away' },
      { link: 'none', presence: 'unknown' },
      { standing: 'blocked' },
      { link: 'none', nameConflict: MALLORY },
      { link: 'none', nameConflict: MALLORY, standing: 'unknown' },
    ];
    const icons = changes.map((change) => presenceView(bob(change), format, NOW).icon);
    assert.equal(new Set(icons).size, changes.length);
  });
});

describe('linkChoice', () => {
  it('offers what fits the link', () => {
    const labels = (['none', 'dialling', 'waiting', 'connected', 'asking'] as const).map(
      (link) => linkChoice(bob({ link }))?.label,
    );
    assert.deepEqual(labels, ['Connect', 'Cancel', 'Cancel', 'Disconnect', undefined]);
  });

  it('is none where it is in doubt whose name it is, or nothing is wanted of them', () => {
    const doubtful: Partial<Peer>[] = [{ nameConflict: MALLORY }, { standing: 'blocked' }];
    assert.deepEqual(
      doubtful.map((change) => linkChoice(bob({ link: 'none', ...change }))),
      [undefined, undefined],
    );
  });

  it('leaves people that are not accepted to the gate', () => {
    assert.equal(linkChoice(bob({ standing: 'unknown', link: 'none' })), undefined);
  });
});

describe('noticeOf', () => {
  it('is quiet while messages flow', () => {
    assert.equal(lineOf({}), undefined);
  });

  it('says that messages for somebody away wait, and how many', () => {
    const away = { link: 'none', presence: 'away' } as const;
    assert.equal(lineOf(away), 'bob is away — messages wait and go by themselves');
    assert.equal(
      lineOf({ ...away, undelivered: 2 }),
      'bob is away — messages wait and go by themselves · 2 waiting',
    );
  });

  it('offers to connect to somebody who is here', () => {
    const peer = bob({ link: 'none' });
    const notice = noticeOf(stateOf(peer, []), peer, false, format);
    assert.equal(plain(notice?.text), 'Not connected to bob — connect, or just write to them');
    assert.equal(
      lineOf({ link: 'none', undelivered: 2 }),
      'Not connected to bob — 2 waiting until you connect',
    );
    assert.deepEqual(intentsOf(notice), [{ kind: 'connect' }]);
  });

  it('offers to cancel while they are being asked', () => {
    const peer = bob({ link: 'waiting' });
    const notice = noticeOf(stateOf(peer, []), peer, false, format);
    assert.equal(plain(notice?.text), 'Waiting for bob to accept…');
    assert.deepEqual(intentsOf(notice), [{ kind: 'cancelConnect' }]);
  });

  it('explains trouble with the registry', () => {
    const url = 'http://127.0.0.1:8000';
    const registry: RegistryState = {
      kind: 'failing',
      url,
      failure: failure('registryUnreachable', { url }),
      since: 0,
      nextTryAt: 0,
    };
    const peer = bob({ link: 'none', presence: 'unknown' });
    const notice = noticeOf(stateOf(peer, [], { registry }), peer, false, format);
    assert.match(notice?.text ?? '', /^The registry does not answer/);
    assert.match(notice?.tooltip ?? '', /No registry answers at/);
  });

  it('says first that the engine is away or that I am signed out', () => {
    const peer = bob({ link: 'none' });
    assert.match(noticeOf(stateOf(peer, []), peer, true, format)?.text ?? '', /starting again/);
    assert.match(noticeOf(signedOut, peer, false, format)?.text ?? '', /signed out/);
    const stopped = noticeOf(signedOut, peer, true, format, failure('engineEnded', {}));
    assert.equal(stopped?.icon, 'warning');
    assert.match(stopped?.text ?? '', /See the log, then try again/);
  });

  it('leads to the sign-up while I am signed out, and for a stranger leaves that to the gate', () => {
    const notice = (peer: Peer) => noticeOf(signedOut, peer, false, format);
    const signUp = { kind: 'wayOut', way: 'signUp' };
    assert.deepEqual(intentsOf(notice(bob({ link: 'none' }))), [signUp]);
    const stranger = bob({ standing: 'unknown', link: 'none' });
    assert.equal(notice(stranger), undefined);
    assert.deepEqual(intentsOf(gateOf(stranger, false)), [signUp]);
    assert.match(notice(bob({ standing: 'blocked', link: 'none' }))?.text ?? '', /signed out/);
  });

  it('offers what the Peers view does where the engine is given up', () => {
    const peer = bob({ link: 'none' });
    const stopped = noticeOf(stateOf(peer, []), peer, true, format, failure('engineEnded', {}));
    assert.deepEqual(intentsOf(stopped), [
      { kind: 'wayOut', way: 'tryAgain' },
      { kind: 'wayOut', way: 'showLog' },
    ]);
  });

  it('warns of a name that has another key now, even while the person with the known key is connected', () => {
    assert.match(lineOf({ nameConflict: MALLORY }) ?? '', /somebody with another key/);
  });
});

describe('gateOf', () => {
  it('is open for people I accepted, connected or not', () => {
    assert.equal(gateOf(bob()), undefined);
    assert.equal(gateOf(bob({ link: 'none', presence: 'away' })), undefined);
  });

  it('offers to connect to somebody new, and to cancel while they are asked', () => {
    const gate = (link: Peer['link']) => gateOf(bob({ standing: 'unknown', link }));
    assert.deepEqual(gate('none')?.choices[0]?.intent, { kind: 'connect' });
    assert.deepEqual(gate('dialling')?.choices[0]?.intent, { kind: 'cancelConnect' });
    assert.equal(plain(gate('waiting')?.title), 'Waiting for bob to accept…');
  });

  it('is closed for blocked people', () => {
    assert.match(gateOf(bob({ standing: 'blocked' }))?.title ?? '', /You blocked/);
  });

  it('is closed and explained when the name has another key and the known one is not connected', () => {
    assert.match(gateOf(bob({ nameConflict: MALLORY, link: 'none' }))?.text ?? '', /another key/);
    assert.equal(gateOf(bob({ nameConflict: MALLORY })), undefined);
  });
});
