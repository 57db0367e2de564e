// Each side of a failed transfer is told what happened on whose side, and what it can do about it: in all languages.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Failure, type FailureCode, failure, type Say } from '../../src/contract/failure.ts';
import type { Transfer } from '../../src/contract/transfer.ts';
import { transferFailureText } from '../../src/contract/transferFailure.ts';
import { EXAMPLES } from '../support/failureExamples.ts';

const CODES = Object.keys(EXAMPLES) as FailureCode[];
/** A newer build may say anything that is a word, and a stranger does. */
const UNKNOWN = ['noSuchCode', 'toString', 'constructor', 'hasOwnProperty'];
const FILE = 'A.png';
const ours = CODES.map((code) => failure(code, EXAMPLES[code]));
const newer = { code: 'noSuchCode', details: {} } as unknown as Failure;
const theirs = [...CODES, ...UNKNOWN].map((code) => failure('peerFailed', { name: FILE, code }));
const SENT = { direction: 'send', name: FILE } as const;
const RECEIVED = { direction: 'receive', name: FILE } as const;

/** Who reads it, and what they can do: a failed card has a button for the sender alone. */
interface Way {
  readonly who: string;
  readonly transfer: Pick<Transfer, 'direction' | 'name' | 'itemId'>;
  /** How what to do next ends the text in each language. */
  readonly english: RegExp;
  readonly persian: RegExp;
}

const WAYS: readonly Way[] = [
  {
    ...{ who: 'the sender', transfer: SENT },
    ...{ english: /[tT]ry again\.$/, persian: /دوباره بکوشید\.$/ },
  },
  {
    ...{ who: 'the receiver', transfer: RECEIVED },
    ...{ english: /\. Ask Ali to send it again\.$/, persian: /از Ali بخواهید دوباره بفرستد\.$/ },
  },
  {
    ...{ who: 'whoever has fetched it', transfer: { ...RECEIVED, itemId: 'i' } },
    ...{
      english: /below Ali in the Peers view to fetch it again\.$/,
      persian: /زیر نام Ali روی آن کلیک کنید\.$/,
    },
  },
];

const bundle: Record<string, string> = JSON.parse(
  readFileSync(new URL('../../l10n/bundle.l10n.fa.json', import.meta.url), 'utf8'),
);
const filled = (text: string, values: readonly (string | number)[]) =>
  text.replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)]));
const inPersian: Say = (text, ...values) => {
  const said = bundle[text];
  assert.ok(said, text);
  return filled(said, values);
};

function isPlain(text: string): void {
  for (const code of [...CODES, ...UNKNOWN]) assert.ok(!text.includes(code), `${code} in: ${text}`);
  assert.doesNotMatch(text, /\bE[A-Z]{3,}\b|undefined|null|\[object|\{\d\}|!|\.\./);
  assert.ok(text.includes(FILE) || text.includes('/home/'), `of what: ${text}`);
}

describe('why a transfer failed', () => {
  for (const { who, transfer, english, persian } of WAYS)
    it(`is said to ${who} without a code and with what to do next, for every code of either side`, () => {
      for (const each of [...ours, newer, ...theirs]) {
        const text = transferFailureText(each, transfer, 'Ali');
        isPlain(text);
        assert.match(text, /^\S.{20,}\.$/);
        assert.match(text, english);
        const other = transferFailureText(each, transfer, 'Ali', inPersian);
        isPlain(other);
        assert.match(other, persian);
      }
    });

  const told = (code: string) => failure('peerFailed', { name: FILE, code });

  it('tells the sender what happened at the receiver', () => {
    const text = (code: string) => transferFailureText(told(code), SENT, 'Ali');
    assert.match(text('diskFull'), /: Ali's disk is full\. Ask them to make room/);
    assert.match(text('folderUnwritable'), /Ali's folder cannot be written to/);
    assert.match(text('folderSlow'), /Ali's disk does not answer\. Ask them to choose another folder/);
    assert.match(text('digestMismatch'), /arrived damaged at Ali/);
    assert.match(text('transferStalled'), /did not get through to Ali/);
    assert.match(text('receiveFailed'), /something went wrong on Ali's side/);
    assert.equal(text('noSuchCode'), text('receiveFailed'));
  });

  it('tells each what the own system said, in words', () => {
    const unsaved = failure('folderUnwritable', { path: '/media/stick', detail: 'EFBIG' });
    assert.equal(
      transferFailureText(unsaved, RECEIVED, 'Ali'),
      'A.png could not be saved in /media/stick (its disk takes no file as large as that). Check that folder, or choose another one. Ask Ali to send it again.',
    );
    const unread = failure('fileUnreadable', { path: '/home/sara/A.png', detail: 'EMFILE' });
    assert.match(
      transferFailureText(unread, SENT, 'Ali'),
      /cannot be read any more \(too many files are open\)\./,
    );
    const unknown = failure('folderUnwritable', { path: '/media/stick', detail: 'ENXIO' });
    assert.match(
      transferFailureText(unknown, RECEIVED, 'Ali'),
      /\(the system gives no reason that is known here\)/,
    );
  });

  it('tells the receiver what happened at the sender', () => {
    const text = (code: string) => transferFailureText(told(code), RECEIVED, 'Ali');
    assert.match(text('fileChanged'), /A\.png changed while Ali was sending it/);
    assert.match(text('fileUnreadable'), /cannot be read any more on Ali's computer/);
    assert.match(text('fileSlow'), /Ali's disk did not answer/);
    assert.equal(text('sendFailed'), text('noSuchCode'));
    assert.match(text('noSuchCode'), /something went wrong on Ali's side/);
  });

  it('never puts on one side what only the other can have met', () => {
    const general = (way: Way['transfer']) => transferFailureText(told('noSuchCode'), way, 'Ali');
    assert.equal(transferFailureText(told('fileChanged'), SENT, 'Ali'), general(SENT));
    assert.equal(transferFailureText(told('diskFull'), RECEIVED, 'Ali'), general(RECEIVED));
  });

  it('says of my own side where it went wrong', () => {
    const text = (own: Failure, way: Way['transfer']) => transferFailureText(own, way, 'Ali');
    assert.match(
      text(failure('diskFull', { path: '/home/sara' }), RECEIVED),
      /the disk that holds \/home\/sara is full/,
    );
    assert.match(
      text(failure('diskFull', { path: '/home/sara' }), SENT),
      /could not be sent: the disk that holds \/home\/sara is full/,
    );
    assert.match(
      text(failure('fileChanged', { name: FILE }), SENT),
      /^A\.png changed while it was being sent/,
    );
    assert.match(
      text(failure('fileSlow', { path: '/home/a', seconds: 120 }), SENT),
      /its disk did not answer/,
    );
    const unsent = text(failure('sendFailed', { name: FILE, detail: 'ENOSPC' }), SENT);
    assert.match(unsent, /because of an error here/);
    assert.doesNotMatch(unsent, /read|ENOSPC/);
    const broken = failure('receiveFailed', { name: FILE, detail: 'a bug' });
    assert.match(text(broken, RECEIVED), /because of an error here/);
    assert.doesNotMatch(text(broken, RECEIVED), /damaged|digest/);
  });
});
