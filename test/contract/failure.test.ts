// Every failure has words for a person, and is the same on the other side of a pipe.

import assert from 'node:assert/strict';
import {
  type Failure,
  type FailureCode,
  FailureError,
  fail,
  failure,
  failureText,
  isFailure,
  type Say,
} from '../../src/contract/failure.ts';
import { EXAMPLES } from '../support/failureExamples.ts';

const url = 'http://127.0.0.1:8000';
const all = (Object.keys(EXAMPLES) as FailureCode[]).map((code) => failure(code, EXAMPLES[code]));

describe('a failure', () => {
  for (const example of all) {
    it(`${example.code} has words that a person can read`, () => {
      const text = failureText(example);
      assert.match(text, /^[^a-z].{15,}\.$/, 'a sentence');
      assert.doesNotMatch(text, /undefined|null|NaN|\[object|!/);
      if ('code' in example.details) assert.ok(!text.includes(example.details.code), 'no code of ours');
    });

    it(`${example.code} speaks of what it is about`, () => {
      const {
        detail,
        path: place,
        name: subject,
        url: address,
        port,
      } = example.details as Record<string, unknown>;
      const said = [detail, place, subject, port, detail === undefined ? undefined : address];
      for (const value of said.filter((value) => value !== undefined)) {
        assert.ok(failureText(example).includes(String(value)), String(value));
      }
    });

    it(`${example.code} is the same after it has crossed a process`, () => {
      const crossed: unknown = JSON.parse(JSON.stringify(example));
      assert.ok(isFailure(crossed));
      assert.deepEqual(crossed, example);
      assert.equal(failureText(crossed), failureText(example));
    });
  }

  it('has its own words for each code', () => {
    assert.equal(new Set(all.map((each) => failureText(each))).size, all.length);
  });

  it('is said in other words where there are some, with the same values', () => {
    const inOtherWords = (text: string, ...values: (string | number)[]) => `${text.length} ${values.join()}`;
    const away = failureText(failure('connectionUnanswered', { name: 'Ali', seconds: 60 }), inOtherWords);
    assert.equal(away, '47 Ali,60');
  });

  it('says what a system calls ENOENT, EACCES and the like as people do', () => {
    const text = (detail: string) => failureText(failure('fileUnreadable', { path: '/a', detail }));
    assert.equal(
      text('ENOENT'),
      '/a cannot be read (it is not there). Check that it exists and may be read.',
    );
    assert.match(text('not a file'), /\(it is not a file\)/);
    const unsaved = { path: '/a', detail: 'EACCES' };
    for (const code of ['folderUnwritable', 'exportUnwritable'] as const)
      assert.match(failureText(failure(code, unsaved)), /\(you have no permission\)/);
    assert.match(text('toString'), /\(toString\)/, 'nothing but what is known');
  });

  it('says by what an answer is told from a registry\u2019s, and what is wrong with a file, in other words, too', () => {
    const spelled = (text: string, ...values: (string | number)[]) => `[${text}] ${values.join(', ')}`;
    const nonsense = (detail: string, t?: Say) =>
      failureText(failure('registryNonsense', { url, detail }), t);
    assert.match(nonsense('webPage'), / is not a Hamta registry \(a web page\)\. /);
    assert.match(nonsense('webPage', spelled), /, \[a web page\] $/);
    assert.match(nonsense('HTTP 404'), /\(HTTP 404\)/);
    for (const code of ['databaseUnusable', 'identityUnusable', 'pipeUnusable'] as const) {
      assert.match(
        failureText(failure(code, { path: '/a', detail: 'EIO' }), spelled),
        /, \[the disk fails\] $/,
      );
    }
  });

  it('says why an engine cannot start as people do, whatever of its own is in the way', () => {
    const text = (detail: string) =>
      failureText(failure('databaseUnusable', { path: '/a/thumbnails', detail }));
    assert.equal(text('ENOSPC'), "Hamta's data at /a/thumbnails cannot be used (the disk is full).");
    assert.equal(text('EDQUOT'), text('ENOSPC'));
    assert.match(text('EMFILE'), /\(too many files are open\)/);
    const pipe = failureText(failure('pipeUnusable', { path: '/a/engine.sock', detail: 'EADDRINUSE' }));
    assert.match(pipe, /\(another program is using it\)/);
  });

  it('names no file where it is not known which one that was', () => {
    const text = failureText(failure('notShared', { owner: 'Ali' }));
    assert.equal(text, 'Ali does not share this file with you any more. Ask them to share it again.');
  });

  it('tells a clock that is ahead from one that is behind', () => {
    const text = (skewMs: number) => failureText(failure('clockSkew', { url, skewMs }));
    assert.match(text(90_000), /90 s ahead of the registry/);
    assert.match(text(-90_000), /90 s behind the registry/);
  });

  it('tells who has to update', () => {
    const text = (theirs: number) =>
      failureText(failure('versionMismatch', { name: 'Ali', theirs, ours: 2 }));
    assert.match(text(3), /Ali has a newer Hamta.*Update the extension/);
    assert.match(text(1), /Ali has an older Hamta.*They need to update/);
  });

  it('says how large a file can be as people say it', () => {
    const text = (limit: number) => failureText(failure('fileTooLarge', { name: 'A.png', limit }));
    assert.match(text(2 ** 44), /larger than 17\.5 TB/);
    assert.match(text(64 * 1024 * 1024), /larger than 67\.1 MB/);
    assert.match(text(2_000_000_000), /larger than 2 GB/);
  });

  it('has words for each problem of a name', () => {
    const texts = (['empty', 'tooLong', 'invisibleCharacters'] as const).map((problem) =>
      failureText(failure('nameInvalid', { problem })),
    );
    assert.equal(new Set(texts).size, 3);
  });

  it('is told from everything else that may come over a pipe', () => {
    const others = [
      undefined,
      null,
      7,
      'peerAway',
      [],
      {},
      { code: 'peerAway' },
      { code: 'peerAway', details: null },
      { code: 'peerAway', details: 'x' },
      { code: 'noSuchCode', details: {} },
      { code: 'toString', details: {} },
      { code: 7, details: {} },
    ];
    for (const other of others) assert.ok(!isFailure(other), JSON.stringify(other));
  });

  it('is thrown with its words, and keeps what caused it', () => {
    const cause = new Error('ECONNREFUSED');
    const error = fail('peerAway', { name: 'Ali' }, cause);
    const expected: Failure = { code: 'peerAway', details: { name: 'Ali' } };
    assert.ok(error instanceof FailureError);
    assert.deepEqual(error.failure, expected);
    assert.equal(error.message, failureText(expected));
    assert.equal(error.cause, cause);
    assert.ok(!('cause' in fail('textEmpty', {})));
  });
});
