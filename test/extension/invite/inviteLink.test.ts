import assert from 'node:assert/strict';
import {
  inviteLinkOf,
  type OpenedLink,
  outsideAddresses,
  parseInvite,
  registryToShare,
} from '../../../src/extension/invite/inviteLink.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const SEED = 20_261_120;
const ROUNDS = 20_000;

/** As the editor takes a link apart; it decodes the query once. */
function opened(link: string): OpenedLink {
  const { pathname, search, hash } = new URL(link);
  return { path: pathname, query: decodeURIComponent(search.slice(1)), fragment: hash.slice(1) };
}

function problemOf(query: string, path = '/join', fragment = ''): string {
  const invite = parseInvite({ path, query, fragment });
  return invite.kind === 'refused' ? invite.problem : invite.url;
}

describe('an invite link', () => {
  it('names the registry under the scheme of the editor', () => {
    assert.equal(
      inviteLinkOf('vscode-insiders', 'http://192.168.1.20:8000/'),
      'vscode-insiders://hamta.hamta/join?registry=http%3A%2F%2F192.168.1.20%3A8000',
    );
  });

  it('leads whoever opens it to the registry it was made for', () => {
    for (const url of [
      'http://192.168.1.20:8000',
      'https://hamta.example.org/team',
      'http://[fd00::1]:8000',
    ]) {
      const link = inviteLinkOf('vscode', url);
      assert.ok(link);
      assert.deepEqual(parseInvite(opened(link)), { kind: 'registry', url });
    }
  });

  it('is understood where a road on the way did not decode it', () => {
    assert.equal(problemOf('registry=http%3A%2F%2F10.0.0.7%3A8000'), 'http://10.0.0.7:8000');
  });

  it('is not made for what no link could lead to', () => {
    for (const url of ['', 'file:///etc/passwd', 'http://me:secret@host', `http://${'h'.repeat(300)}`]) {
      assert.equal(inviteLinkOf('vscode', url), undefined);
    }
  });

  it('is refused with the reason when it does not hold exactly one address of a registry', () => {
    const said = {
      'registry=javascript:alert(1)': 'notWeb',
      'registry=file:///etc/passwd': 'notWeb',
      'registry=http:host': 'notWeb',
      'registry=': 'notWeb',
      'registry=http://user:pass@host:8000': 'credentials',
      'registry=http://@host': 'credentials',
      'registry=http://host/?a=1': 'notAnAddress',
      'registry=http://host/#part': 'notAnAddress',
      'registry=http://host:99999': 'notAnAddress',
      'registry=http://ho st': 'strangeCharacters',
      'registry=http://ho\nst': 'strangeCharacters',
      'registry=http://host\u202e': 'strangeCharacters',
      'registry=http://\u0440eer.org': 'strangeCharacters',
      'registry=http:\\\\host': 'strangeCharacters',
      'registry=http://host/%2e%2e': 'http://host',
      'registry=http://host&name=sara': 'notAnInvite',
      'registry=http://host%26name=sara': 'notAnInvite',
      'name=sara&registry=http://host': 'notAnInvite',
      'Registry=http://host': 'notAnInvite',
      '': 'notAnInvite',
      [`registry=http://${'h'.repeat(300)}`]: 'tooLong',
      [`registry=http://${'h'.repeat(1_000_000)}`]: 'tooLong',
    };
    const found = Object.keys(said).map((query) => [query, problemOf(query)]);
    assert.deepEqual(Object.fromEntries(found), said);
  });

  it('is for joining only', () => {
    assert.equal(problemOf('registry=http://host', '/leave'), 'notAnInvite');
    assert.equal(problemOf('registry=http://host', '/join/'), 'notAnInvite');
    assert.equal(problemOf('registry=http://host', '/join', 'x'), 'notAnInvite');
  });

  it(`leads to a plain web address or nowhere, whatever it holds (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const invite = parseInvite({ path: '/join', query: `registry=${hostile(random)}`, fragment: '' });
      if (invite.kind === 'refused') continue;
      const url = new URL(invite.url);
      assert.match(url.protocol, /^https?:$/);
      assert.deepEqual([url.username, url.password, url.search, url.hash], ['', '', '', '']);
      assert.match(invite.url, /^[\x21-\x7e]{8,200}$/);
      const again = inviteLinkOf('vscode', invite.url);
      assert.ok(again, invite.url);
      assert.deepEqual(parseInvite(opened(again)), invite);
    }
  });
});

const PIECES = [
  ...['http://', 'https://', 'HTTP://', 'http:', 'javascript:', 'file://', 'vscode://', '//', '\\', '/'],
  ...[
    'host',
    '127.0.0.1',
    '[::1]',
    '0x7f.1',
    ':8000',
    ':',
    '@',
    'a:b@',
    '?',
    '#',
    '&',
    '=',
    '%',
    '%2f',
    '%00',
  ],
  ...[
    '\u0000',
    '\n',
    ' ',
    '\u202e',
    '\u0430',
    '\ud800',
    'registry=',
    '..',
    '<',
    '"',
    "'",
    '`',
    '+',
    ';',
    '~',
  ],
];

function hostile(random: () => number): string {
  const pick = () => PIECES[Math.floor(random() * PIECES.length)] ?? '';
  const start = random() < 0.7 ? 'http://' : '';
  return start + Array.from({ length: Math.floor(random() * 8) }, pick).join('');
}

describe('the registry that an invite link names', () => {
  const running = 'http://192.168.1.5:8000';

  it('is where I am signed up, else the one I run', () => {
    assert.equal(registryToShare({ joined: 'http://10.0.0.7:8000', running }), 'http://10.0.0.7:8000');
    assert.equal(registryToShare({ joined: undefined, running }), running);
    assert.equal(registryToShare({ joined: undefined, running: undefined }), undefined);
  });

  it('has the address that others reach it at where I run it myself', () => {
    assert.equal(registryToShare({ joined: 'http://127.0.0.1:8000', running }), running);
  });

  it('is looked for at the addresses I have for others, where my own works on this machine only', () => {
    const mine = [
      '192.168.1.5:40001',
      '192.168.1.5:40002',
      '[fd00::5]:40001',
      '127.0.0.1:40001',
      'nonsense:x',
    ];
    assert.deepEqual(outsideAddresses('http://localhost:8000/team', mine), [
      'http://192.168.1.5:8000/team',
      'http://[fd00::5]:8000/team',
    ]);
    assert.deepEqual(outsideAddresses('http://10.0.0.7:8000', mine), []);
  });
});
