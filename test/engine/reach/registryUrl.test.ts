import assert from 'node:assert/strict';
import { FailureError } from '../../../src/contract/failure.ts';
import { normalRegistryUrl } from '../../../src/engine/reach/registryUrl.ts';

describe("a registry's address", () => {
  for (const [typed, normal] of [
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
    [' http://127.0.0.1:8000/ ', 'http://127.0.0.1:8000'],
    ['localhost:8000', 'http://localhost:8000'],
    ['registry', 'http://registry'],
    ['192.168.1.5', 'http://192.168.1.5'],
    ['[::1]:8000', 'http://[::1]:8000'],
    ['HTTPS://Example.ORG:443/hamta//', 'https://example.org/hamta'],
    ['http://همتا.example', 'http://xn--mgbf4fh.example'],
  ] as const) {
    it(`${typed.trim()} is ${normal}`, () => assert.equal(normalRegistryUrl(typed), normal));
  }

  for (const typed of [
    '',
    '   ',
    'ftp://host',
    'file:///etc/passwd',
    'javascript://alert(1)',
    'http://',
    'http://user:secret@host',
    'http://user@host',
    'http://:secret@host',
    'http://host?x=1',
    'http://host#x',
    'http://ho st',
    'host:99999',
    `http://${'x'.repeat(5000)}`,
  ]) {
    it(`${typed.slice(0, 40) || 'nothing'} is none`, () => {
      assert.throws(
        () => normalRegistryUrl(typed),
        (error) => error instanceof FailureError && error.failure.code === 'registryUrlInvalid',
      );
    });
  }
});
