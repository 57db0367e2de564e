import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import { COMMANDS } from '../../../src/extension/commands.ts';
import { peersTree } from '../../../src/extension/peers/peersTree.ts';
import type { Row } from '../../../src/extension/peers/row.ts';
import { english, fingerprintOf, NOW, person, type Scene, stateWith, transfer } from '../people.ts';

const MINUTE = 60_000;
const rowsOf = (scene: Scene) => peersTree(stateWith(scene), NOW, english);
const onlyPerson = (scene: Scene): Row => {
  const row = rowsOf(scene)[1];
  assert.ok(row);
  return row;
};

describe('the rows of the Peers view', () => {
  it('are none while signed out', () => {
    const me = { fingerprint: fingerprintOf('a'), addresses: [] };
    assert.deepEqual(peersTree(stateWith({ people: [person('b')] }, { me }), NOW, english), []);
  });

  it('begin with me, how I stand with the registry, and my address', () => {
    const [me] = rowsOf({});
    assert.equal(me?.label, 'Sara (me)');
    assert.equal(me?.description, 'registry ok');
    assert.match(me?.tooltip ?? '', /192\.168\.1\.5:4711/);
    assert.equal(me?.command, COMMANDS.showAddress);
  });

  it('say with me that I am not to be disturbed', () => {
    const me = { ...stateWith().me, doNotDisturbUntil: NOW + MINUTE };
    const [row] = peersTree(stateWith({}, { me }), NOW, english);
    assert.match(row?.description ?? '', /^do not disturb until .* · registry ok$/);
    assert.equal(row?.icon.id, 'bell-slash');
  });

  it('list who asks first, then who is connected, here, away, and apart from them who is blocked', () => {
    const people = [
      person('1', { name: 'blocked', standing: 'blocked', link: 'asking' }),
      person('2', { name: 'away', presence: 'away' }),
      person('3', { name: 'here' }),
      person('4', { name: 'Connected', link: 'connected' }),
      person('5', { name: 'asks', standing: 'unknown', link: 'asking' }),
      person('6', { name: 'also here', link: 'dialling' }),
    ];
    const labels = rowsOf({ people }).map(({ label }) => label);
    assert.deepEqual(labels, ['Sara (me)', 'asks', 'Connected', 'also here', 'here', 'away', 'Blocked']);
    const [folder] = rowsOf({ people }).slice(-1);
    assert.deepEqual([folder?.isFolded, folder?.description, folder?.peer], [true, '1', undefined]);
    assert.deepEqual(
      folder?.children.map(({ label, contextValue }) => [label, contextValue]),
      [['blocked', 'person blocked']],
    );
  });

  it('shorten a long name, so that what is said beside it is in sight; all of it is in the tooltip, and spoken', () => {
    const name = 'Maximiliane von Hohenstein-Waldburg';
    const row = onlyPerson({ people: [person('b', { name, link: 'connected', path: 'lan' })] });
    assert.equal(row.label, 'Maximiliane…n-Waldburg');
    assert.equal(row.spoken, `${name}, LAN`);
    assert.match(row.tooltip, new RegExp(`^${name}\n`));
    const me = { ...stateWith().me, name };
    const [mine] = peersTree(stateWith({}, { me }), NOW, english);
    assert.deepEqual(
      [mine?.label, mine?.spoken],
      ['Maximiliane…n-Waldburg (me)', `${name} (me), registry ok`],
    );
  });

  it('leave long names whole that would read the same', () => {
    const names = ['Maximiliane von Hohenstein-Waldburg', 'Maximiliane auf Burgstein-Waldburg'];
    const people = names.map((name, at) => person(`${at}`, { name }));
    assert.deepEqual(
      rowsOf({ people })
        .slice(1)
        .map(({ label }) => label),
      names.toSorted(),
    );
  });

  it('say how somebody is connected', () => {
    const row = onlyPerson({ people: [person('b', { link: 'connected', path: 'lan' })] });
    assert.equal(row.description, 'LAN');
    assert.equal(row.contextValue, 'person connected disconnectable current');
    assert.equal(row.icon.id, 'circle-large-filled');
    assert.match(row.tooltip, /^b\nLAN\nConnected, encrypted/);
  });

  it('say since when somebody is away, and that messages wait', () => {
    const away = person('b', { presence: 'away', lastSeenAt: NOW - 5 * MINUTE, undelivered: 1 });
    assert.equal(onlyPerson({ people: [away] }).description, 'away 5 min · 1 message waits');
    const justNow = person('b', { presence: 'away', lastSeenAt: NOW - 9_000 });
    assert.equal(onlyPerson({ people: [justNow] }).description, 'away');
    const twice = person('b', { presence: 'away', undelivered: 2 });
    assert.equal(onlyPerson({ people: [twice] }).description, 'away · 2 messages wait');
  });

  it('show unread messages first, and to screen readers too', () => {
    const row = onlyPerson({ people: [person('b', { name: 'bob', unread: 2 })] });
    assert.equal(row.description, '2 unread · here');
    assert.equal(row.spoken, 'bob, 2 unread · here');
  });

  it('offer accept and reject on somebody who asks, and no second way to connect', () => {
    const row = onlyPerson({ people: [person('b', { standing: 'unknown', link: 'asking' })] });
    assert.equal(row.description, 'wants to connect');
    assert.equal(row.contextValue, 'person asking current');
  });

  it('show presence by shape, not only by colour', () => {
    const people = [
      person('1', { link: 'connected' }),
      person('2', { link: 'asking' }),
      person('3'),
      person('4', { presence: 'away' }),
      person('5', { presence: 'unknown' }),
      person('6', { nameConflict: fingerprintOf('c') }),
      person('7', { standing: 'unknown', nameConflict: fingerprintOf('c') }),
      person('8', { standing: 'blocked' }),
    ];
    const icons = rowsOf({ people })
      .slice(1)
      .flatMap((row) => (row.children.length > 0 ? row.children : [row]))
      .map(({ icon }) => icon.id);
    assert.equal(new Set(icons).size, people.length);
  });

  it('warn of somebody whose name has another key now, and do not offer to connect', () => {
    const row = onlyPerson({ people: [person('b', { nameConflict: fingerprintOf('c') })] });
    assert.equal(row.description, 'another key has this name now');
    assert.equal(row.contextValue, 'person changed current');
  });

  it('say of a former key that it is history, and offer nothing with it', () => {
    const former = person('b', { standing: 'unknown', nameConflict: fingerprintOf('c'), verifiedAt: NOW });
    const row = onlyPerson({ people: [former] });
    assert.equal(row.description, 'a former key, history only');
    assert.equal(row.contextValue, 'person former');
  });

  it('are there, and say when somebody was seen, for a time beyond what can be shown', () => {
    const row = onlyPerson({ people: [person('b', { presence: 'away', lastSeenAt: 8.64e15 + 1 })] });
    assert.equal(row.description, 'away');
    assert.match(row.tooltip, /\nLast seen: /);
  });

  it('say whose safety code was compared, and whose was not', () => {
    const verified = onlyPerson({
      people: [person('b', { link: 'connected', path: 'lan', verifiedAt: NOW, autoAccept: true })],
    });
    assert.equal(verified.description, 'LAN · verified');
    assert.match(verified.tooltip, /Verified: safety codes compared on .*\nTheir files are taken/);
    const other = onlyPerson({ people: [person('b', { autoAccept: false })] });
    assert.match(other.tooltip, /Not verified: compare safety codes with them\nTheir files are always/);
    const changed = onlyPerson({
      people: [person('b', { verifiedAt: NOW, nameConflict: fingerprintOf('c') })],
    });
    assert.doesNotMatch(`${changed.description} ${changed.tooltip}`, /erified/);
  });

  it('keep each part of a transfer\u2019s progress whole, and in order, in a language that runs from right to left', () => {
    const state = { kind: 'running', bytes: 500, bytesPerSecond: 8_000_000, attempt: 1 } as const;
    const scene = {
      people: [person('b')],
      transfers: [transfer('1', { name: 'a.png', sizeBytes: 1_000, state })],
    };
    const [, row] = peersTree(stateWith(scene), NOW, { ...english, locale: 'fa' });
    const parts = row?.children[0]?.description.match(/\u2068[^\u2069]+\u2069/g);
    assert.deepEqual(
      parts?.map((part) => part.replace(/[^\u06f0-\u06f9]/g, '')),
      ['۵۰', '۸', '۱'],
    );
  });

  it('say over a transfer which road its bytes take, once some have come', () => {
    const state = { kind: 'running' as const, bytes: 1, bytesPerSecond: 0, attempt: 1 };
    const tooltipWith = (more: { carrier?: 'udp' | 'tls' }) =>
      onlyPerson({ people: [person('b')], transfers: [transfer('1', { state: { ...state, ...more } })] })
        .children[0]?.tooltip ?? '';
    assert.match(tooltipWith({ carrier: 'tls' }), /\nover a connection of its own \(TLS\)$/);
    assert.match(tooltipWith({ carrier: 'udp' }), /\nin datagrams \(UDP\)$/);
    assert.doesNotMatch(tooltipWith({}), /TLS|UDP/);
  });

  it('have running transfers below the person, and no finished ones', () => {
    const running = transfer('1', {
      direction: 'send',
      sizeBytes: 20_000_000,
      state: { kind: 'running', bytes: 12_400_000, bytesPerSecond: 8_100_000, attempt: 1 },
    });
    const done = transfer('2', { state: { kind: 'done', at: NOW, sha256: '0'.repeat(64) } });
    const { children } = onlyPerson({ people: [person('b')], transfers: [running, done] });
    assert.deepEqual(
      children.map(({ label, description, contextValue }) => ({ label, description, contextValue })),
      [{ label: 'diagram.png', description: '62%  8.1 MB/s  1 s', contextValue: 'transfer cancellable' }],
    );
  });

  it('offer accept and reject on what somebody wants to send', () => {
    const [row] = onlyPerson({ people: [person('b')], transfers: [transfer('1')] }).children;
    assert.equal(row?.description, 'wants to send 412 KB');
    assert.equal(row?.contextValue, 'transfer offered');
    assert.equal(row?.transfer, '1'.repeat(32));
  });

  it('shorten a long file name, so that the progress stays in sight', () => {
    const name = 'pasted 2026-11-20 05.18.02.png';
    const [row] = onlyPerson({ people: [person('b')], transfers: [transfer('1', { name })] }).children;
    assert.equal(row?.label, 'pasted 2026….18.02.png');
    assert.match(row?.tooltip ?? '', /pasted 2026-11-20 05\.18\.02\.png/);
    assert.match(row?.spoken ?? '', /pasted 2026-11-20 05\.18\.02\.png/);
  });

  it('say that the registry does not answer, and try again on a click', () => {
    const registry = {
      kind: 'failing' as const,
      url: 'http://127.0.0.1:8000',
      failure: failure('registryUnreachable', { url: 'http://127.0.0.1:8000' }),
      since: NOW,
      nextTryAt: NOW + 5_000,
    };
    const row = peersTree(stateWith({}, { registry }), NOW, english)[1];
    assert.match(row?.tooltip ?? '', /Start one with "Hamta: Start Registry Server"/);
    assert.equal(row?.command, COMMANDS.refreshPeers);
  });

  it('have ids of their own that outlast changes', () => {
    const people = [person('b'), person('c')];
    const ids = rowsOf({ people, transfers: [transfer('1')] }).flatMap(({ id, children }) => [
      id,
      ...children.map((child) => child.id),
    ]);
    assert.equal(new Set(ids).size, 4);
    const renamed = onlyPerson({ people: [person('b', { name: 'other', link: 'connected' })] });
    assert.ok(ids.includes(renamed.id));
  });
});
