// What is pasted or dropped: which of it is meant, under what name, and whether it may go this way.

import { type FromPanel, MAX_PASTED_BYTES } from '../../src/contract/panel.ts';
import type { Format } from './format.ts';
import { isolated } from './isolate.ts';
import type { Trouble } from './pageState.ts';
import { t } from './words.ts';

/** As many, and as long, as one intent may carry (FromPanel, sendUris). */
const MAX_URIS = 50;
const MAX_URI_LENGTH = 4096;
/** The editor's own list first: it also names files of remote windows. */
const URI_LIST_TYPES = ['application/vnd.code.uri-list', 'text/uri-list'] as const;
/** Web pages are text to paste, not files to send. */
const NOT_A_FILE = /^(https?|data|blob|javascript|mailto|about):/i;

export type Incoming<File> =
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'uris'; readonly uris: readonly string[] }
  | { readonly kind: 'text'; readonly text: string };

/** The part of a DataTransfer that is looked at. */
export interface Carrier<File> {
  readonly files: ArrayLike<File>;
  getData(type: string): string;
}

interface Named {
  readonly name: string;
}

/**
 * A picture copied along with text (a table, a page of a document) is the text's rendering: the text is meant. File managers put the
 * names or paths of what is copied beside it: then the files are.
 */
export function pastedOf<File extends Named>(clipboard: Carrier<File>): Incoming<File> {
  const text = clipboard.getData('text/plain');
  const files = Array.from(clipboard.files);
  const isFiles = files.length > 0 && areNames(text, files);
  return isFiles ? { kind: 'files', files } : { kind: 'text', text };
}

/** Whether nothing stands in the text but the names of these files, each alone or at the end of its path or address. */
function areNames(text: string, files: readonly Named[]): boolean {
  const names = new Set(files.map(({ name }) => name.normalize()));
  const lines = text.split(/[\r\n]+/).filter((line) => line !== '');
  return lines.every((line) => names.has(lastOf(line).normalize()) || names.has(nameIn(line).normalize()));
}

function lastOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** What is dragged can be files; else it is text, or a link of a page. What it is in truth is told when it is dropped. */
export function canBeFiles(types: readonly string[]): boolean {
  const [own, general] = URI_LIST_TYPES;
  const isLink = types.includes(general) && types.includes('text/html');
  return types.includes('Files') || types.includes(own) || (types.includes(general) && !isLink);
}

/** Addresses are better than bytes: the extension reads them itself, of any size. */
export function droppedOf<File>(drop: Carrier<File>): Incoming<File> {
  const uris = URI_LIST_TYPES.map((type) => fileUrisIn(drop.getData(type))).find(({ length }) => length > 0);
  if (uris !== undefined) return { kind: 'uris', uris };
  const files = Array.from(drop.files);
  return files.length > 0 ? { kind: 'files', files } : { kind: 'text', text: drop.getData('text/plain') };
}

/** RFC 2483 section 5: one address a line, lines with # are comments. */
export function fileUrisIn(list: string): string[] {
  const isFile = (line: string) => /^[a-z][a-z0-9+.-]*:/i.test(line) && !NOT_A_FILE.test(line);
  return list.split(/\r?\n/).filter(isFile);
}

/** Without those that `troubleWithUris` tells of. */
export function sendUrisIntents(uris: readonly string[]): FromPanel[] {
  const left = uris.filter(fits);
  const intents: FromPanel[] = [];
  while (left.length > 0) intents.push({ kind: 'sendUris', uris: left.splice(0, MAX_URIS) });
  return intents;
}

/** Which of them cannot be sent from the page; undefined when all can. */
export function troubleWithUris(uris: readonly string[], format: Format): Trouble | undefined {
  const [first, ...others] = uris.filter((uri) => !fits(uri));
  if (first === undefined) return undefined;
  const text =
    others.length === 0
      ? t('The path of {0} is too long to be dropped. Choose it as a file instead.', isolated(nameIn(first)))
      : t(
          '{0} files have paths too long to be dropped. Choose them as files instead.',
          format.count(others.length + 1),
        );
  return { text, action: chooseFile() };
}

function fits(uri: string): boolean {
  return uri.length <= MAX_URI_LENGTH;
}

function nameIn(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Browsers call every picture of the clipboard `image.png`; the time tells several of them apart. `at` is local time. */
export function pastedName(name: string, at: Date): string {
  const ending = /^image\.(\w+)$/.exec(name)?.[1];
  if (name !== '' && ending === undefined) return name;
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('.');
  return `pasted ${date} ${time}.${ending ?? 'bin'}`;
}

/** Why `file` cannot be sent from the page, with what to do instead; undefined when it can. */
export function troubleWith(
  file: { readonly name: string; readonly size: number },
  format: Format,
): Trouble | undefined {
  const name = isolated(file.name);
  if (file.size === 0) return { text: t('{0} is empty (0 bytes), so there is nothing to send.', name) };
  if (file.size <= MAX_PASTED_BYTES) return undefined;
  const [size, limit] = [format.bytes(file.size), format.bytes(MAX_PASTED_BYTES)];
  return {
    text: t(
      '{0} has {1}; what is pasted or dropped can have {2}. Choose it as a file instead.',
      name,
      size,
      limit,
    ),
    action: chooseFile(),
  };
}

function chooseFile(): NonNullable<Trouble['action']> {
  return { label: t('Send file…'), intent: { kind: 'pickFile' } };
}
