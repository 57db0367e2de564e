// How a conversation reads in a file: Markdown for people, JSON for programs.

import { assertNever } from '../../base/assertNever.ts';
import type { ExportWords, ParamsOf } from '../../contract/commands.ts';
import type { Message } from '../../contract/message.ts';
import type { Transfer } from '../../contract/transfer.ts';

export type ExportFormat = ParamsOf<'exportConversation'>['format'];

/** One after the other they make the file; `message` is called in order. */
export interface ExportText {
  readonly head: string;
  message(message: Message, transfers: ReadonlyMap<string, Transfer>): string;
  readonly foot: string;
}

const ENGLISH: ExportWords = {
  me: 'me',
  edited: 'edited',
  deleted: 'deleted',
  file: 'file',
  timesAreUtc: 'Times are UTC.',
};

/** `name` is the other person's. */
export function exportFormatOf(format: ExportFormat, name: string, words = ENGLISH): ExportText {
  return format === 'json' ? jsonText() : markdownText(name, words);
}

/** One array; each message stands in a line of its own. */
function jsonText(): ExportText {
  let separator = '\n';
  return {
    head: '[',
    message: (message, transfers) => {
      const line = `${separator}${JSON.stringify(exportedMessage(message, transfers))}`;
      separator = ',\n';
      return line;
    },
    foot: '\n]\n',
  };
}

/** Without this store's own numbers, and with what is known of a file instead of the id of its transfer. */
function exportedMessage(message: Message, transfers: ReadonlyMap<string, Transfer>) {
  const { id, from, at, body, replyTo, editedAt, reactions } = message;
  return {
    id,
    from,
    at: new Date(at).toISOString(),
    ...(body.kind === 'transfer' ? { kind: 'file', ...fileOf(transfers.get(body.transferId)) } : body),
    ...(replyTo === undefined ? {} : { replyTo: replyTo.id }),
    ...(editedAt === undefined ? {} : { editedAt: new Date(editedAt).toISOString() }),
    ...(reactions === undefined ? {} : { reactions }),
  };
}

function fileOf(transfer: Transfer | undefined) {
  if (transfer === undefined) return {};
  const { name, mediaType, sizeBytes, path, state } = transfer;
  return { name, mediaType, sizeBytes, ...(path === undefined ? {} : { path }), state: state.kind };
}

function markdownText(name: string, words: ExportWords): ExportText {
  let day = '';
  return {
    head: `# ${plain(name)}\n`,
    message: (message, transfers) => {
      const [date = '', time = ''] = new Date(message.at).toISOString().split(/[T.]/);
      const heading = date === day ? '' : `\n## ${date}\n`;
      day = date;
      return `${heading}\n${headOf(message, name, time, words)}\n\n${bodyOf(message, transfers, words)}${reactionsOf(message)}`;
    },
    foot: `\n${words.timesAreUtc}\n`,
  };
}

function headOf(
  { from, replyTo, editedAt }: Message,
  name: string,
  time: string,
  words: ExportWords,
): string {
  const answered = replyTo === undefined || replyTo.excerpt === '' ? '' : `\n\n> ${plain(replyTo.excerpt)}`;
  const edited = editedAt === undefined ? '' : ` (${words.edited})`;
  return `**${from === 'me' ? words.me : plain(name)}** ${time}${edited}${answered}`;
}

function bodyOf({ body }: Message, transfers: ReadonlyMap<string, Transfer>, words: ExportWords): string {
  switch (body.kind) {
    case 'text':
      return fenced(body.text);
    case 'deleted':
      return `*${words.deleted}*\n`;
    case 'transfer':
      return `*${words.file}* ${plain(transfers.get(body.transferId)?.name ?? body.transferId)}\n`;
    default:
      return assertNever(body);
  }
}

function reactionsOf({ reactions = [] }: Message): string {
  return reactions.length === 0 ? '' : `\n${reactions.map(({ emoji }) => emoji).join(' ')}\n`;
}

/** Texts stand as they are: no mark of theirs ends the fence, which is longer than any run of backticks inside. */
function fenced(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}text\n${text}\n${fence}\n`;
}

/** One line in which nothing means anything to Markdown. */
function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\\`*_{}[\]<>()#+\-.!|~&]/g, '\\$&');
}
