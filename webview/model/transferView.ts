// What a card says and offers about a picture or file: a pure function of the transfer.

import { assertNever } from '../../src/base/assertNever.ts';
import type { FromPanel } from '../../src/contract/panel.ts';
import type { Peer } from '../../src/contract/peer.ts';
import {
  isPicture,
  MAX_ATTEMPTS,
  MAX_PICTURE_PIXELS,
  type Transfer,
  type TransferState,
} from '../../src/contract/transfer.ts';
import type { Format } from './format.ts';
import type { IconName } from './icons.ts';
import { isolated } from './isolate.ts';
import { type Box, pictureBox } from './pictureBox.ts';
import { t, transferFailureWords } from './words.ts';

export interface TransferView {
  /** Name and, apart from it, what kind of thing it is: `1920×1080 · 412 KB`. */
  readonly name: string;
  readonly facts: string;
  /** What goes of my own picture besides what it shows. */
  readonly note: string | undefined;
  /** The room of a picture; undefined for what is shown as a file. */
  readonly box: Box | undefined;
  readonly icon: IconName;
  readonly status: TransferStatus;
  readonly progress: TransferProgress | undefined;
  readonly actions: readonly TransferAction[];
}

export interface TransferStatus {
  readonly tone: 'question' | 'plain' | 'good' | 'bad';
  readonly text: string;
}

export interface TransferProgress {
  /** 0 to 1; undefined while nothing can be measured. */
  readonly fraction: number | undefined;
  /** Percent, speed, time left, and the try when it is not the first. */
  readonly facts: readonly string[];
}

export interface TransferAction {
  readonly label: string;
  readonly icon: IconName;
  readonly isMain: boolean;
  readonly intent: FromPanel;
}

/** What the card needs to know about the other person. */
export type Other = Pick<Peer, 'name' | 'link'>;

export function transferView(transfer: Transfer, peer: Other, format: Format): TransferView {
  const box = boxOf(transfer);
  return {
    name: transfer.name,
    facts: factsOf(transfer, format),
    note: transfer.metadata === undefined ? undefined : METADATA[transfer.metadata](),
    box,
    icon: iconOf(transfer),
    status: statusOf(transfer, peer, box !== undefined),
    progress: progressOf(transfer, peer, format),
    actions: actionsOf(transfer),
  };
}

/** A picture's file can be shown once it is complete; the sender's own always is. */
export function isOpenable({ direction, path, state }: Transfer): boolean {
  return path !== undefined && (direction === 'send' || state.kind === 'done');
}

/** A picture of a kind that gets a preview, and has none: it may be broken, and a browser then draws nothing and calls it loaded. */
export function isDoubtful({ mediaType, placeholder }: Transfer): boolean {
  return placeholder === undefined && /^image\/(png|jpeg|gif|bmp)$/.test(mediaType);
}

/**
 * By what its sender says, so by its name as well: a drawing that can hold programs is never shown, whatever it is called. Nor is
 * one that would take too much, or that no editor draws (TIFF): their boxes would stay empty.
 */
function boxOf({ mediaType, name, width, height }: Transfer): Box | undefined {
  if (!isPicture(mediaType) || mediaType === 'image/tiff' || /\.svgz?$/i.test(name)) return undefined;
  if (!width || !height || width * height > MAX_PICTURE_PIXELS) return undefined;
  return pictureBox(width, height);
}

function factsOf({ width, height, sizeBytes }: Transfer, format: Format): string {
  const size = format.bytes(sizeBytes);
  return width && height ? t('{0} · {1}', format.pixels(width, height), size) : size;
}

const METADATA = {
  removed: () => t('without location and camera data'),
  kept: () => t('may say where and with what it was taken'),
} as const;

function iconOf({ mediaType, name }: Transfer): IconName {
  if (mediaType.startsWith('image/')) return 'file-media';
  if (mediaType === 'application/pdf') return 'file-pdf';
  if (/\.(zip|gz|tgz|7z|xz|tar|rar)$/i.test(name)) return 'file-zip';
  return mediaType.startsWith('text/') ? 'file-code' : 'file';
}

function statusOf(transfer: Transfer, peer: Other, isSeen: boolean): TransferStatus {
  const { direction, state, itemId } = transfer;
  const them = isolated(peer.name);
  const plain = (text: string): TransferStatus => ({ tone: 'plain', text });
  switch (state.kind) {
    case 'offered':
      if (direction === 'send')
        return plain(
          itemId === undefined ? t('waiting for {0} to accept', them) : t('{0} has asked for it', them),
        );
      if (isSeen) return { tone: 'question', text: t('{0} wants to send this picture', them) };
      return { tone: 'question', text: t('{0} wants to send this file', them) };
    case 'waiting':
      return plain(
        peer.link === 'connected' ? t('starting') : t('goes on by itself when {0} is connected', them),
      );
    case 'running':
      return plain(direction === 'send' ? t('sending') : t('receiving'));
    case 'checking':
      return plain(direction === 'send' ? t('{0} is checking it', them) : t('checking'));
    case 'done':
      return {
        tone: 'good',
        text: direction === 'send' ? t('saved and verified by {0}', them) : t('saved and verified'),
      };
    case 'rejected':
      return plain(direction === 'send' ? t('{0} declined', them) : t('you declined'));
    case 'cancelled':
      return plain(state.by === 'me' ? t('cancelled by you') : t('cancelled by {0}', them));
    case 'failed':
      return { tone: 'bad', text: transferFailureWords(state.failure, transfer, peer.name) };
    default:
      return assertNever(state);
  }
}

/** None while the other is away: a bar that moves says that something is going on. */
function progressOf(
  { state, sizeBytes }: Transfer,
  { link }: Other,
  format: Format,
): TransferProgress | undefined {
  if (state.kind === 'checking') return { fraction: 1, facts: [] };
  if (state.kind === 'waiting') return link === 'connected' ? { fraction: undefined, facts: [] } : undefined;
  return state.kind === 'running' ? runningProgress(state, sizeBytes, format) : undefined;
}

function runningProgress(
  { bytes, bytesPerSecond, attempt }: Extract<TransferState, { kind: 'running' }>,
  sizeBytes: number,
  format: Format,
): TransferProgress {
  const fraction = sizeBytes > 0 ? Math.min(1, bytes / sizeBytes) : 0;
  const facts = [format.percent(fraction)];
  if (bytesPerSecond > 0) {
    const leftMs = (Math.max(0, sizeBytes - bytes) / bytesPerSecond) * 1000;
    facts.push(format.speed(bytesPerSecond), t('{0} left', format.duration(leftMs)));
  }
  if (attempt > 1) facts.push(t('try {0} of {1}', format.count(attempt), format.count(MAX_ATTEMPTS)));
  return { fraction, facts };
}

function actionsOf(transfer: Transfer): TransferAction[] {
  const { id, direction, state } = transfer;
  const action = (label: string, icon: IconName, intent: FromPanel, isMain = false): TransferAction => ({
    label,
    icon,
    isMain,
    intent,
  });
  const cancel = action(t('Cancel'), 'close', { kind: 'cancelTransfer', id });
  const opening = isOpenable(transfer) ? [action(t('Open'), 'go-to-file', { kind: 'openFile', id })] : [];
  switch (state.kind) {
    case 'offered':
      if (direction === 'send') return [cancel];
      return [
        action(t('Accept'), 'check', { kind: 'answerTransfer', id, accept: true }, true),
        action(t('Save in…'), 'folder-opened', { kind: 'acceptInto', id }),
        action(t('Reject'), 'close', { kind: 'answerTransfer', id, accept: false }),
      ];
    case 'waiting':
    case 'running':
    case 'checking':
      return [cancel];
    case 'done':
      if (direction === 'send' || opening.length === 0) return opening;
      return [
        ...opening,
        action(t('Reveal'), 'folder-opened', { kind: 'revealFile', id }),
        action(t('Save as…'), 'save-as', { kind: 'saveFileAs', id }),
      ];
    case 'rejected':
    case 'cancelled':
    case 'failed':
      return direction === 'send' ? [action(t('Try again'), 'refresh', { kind: 'retryTransfer', id })] : [];
    default:
      return assertNever(state);
  }
}
