// What the tree says about a transfer that is going on.

import { isOpenOffer, type Transfer, type TransferState } from '../../contract/transfer.ts';
import { isolatedParts } from '../bidi.ts';
import type { Language } from '../language.ts';
import { durationText, shareText, sizeText, speedText } from './amounts.ts';

const MAX_SHOWN = 22;
const ENDING = 10;
/** As one sees them: an emoji of several is one. */
const CHARACTERS = new Intl.Segmenter();

/** The start and the ending: what comes after the name, the progress, is what one looks for. */
export function shortName(name: string): string {
  if (name.length <= MAX_SHOWN) return name;
  const characters = Array.from(CHARACTERS.segment(name), ({ segment }) => segment);
  if (characters.length <= MAX_SHOWN) return name;
  const start = characters.slice(0, MAX_SHOWN - ENDING - 1);
  return `${start.join('')}…${characters.slice(-ENDING).join('')}`;
}

/** Short names for a list: whole where others would read the same. */
export function shortNames(names: readonly string[]): (name: string) => string {
  const sameShort = Map.groupBy(names, shortName);
  const shown = [...sameShort].flatMap(([short, same]) =>
    same.map((name) => [name, same.length === 1 ? short : name] as const),
  );
  const shownOf = new Map(shown);
  return (name) => shownOf.get(name) ?? name;
}

export function transferText(transfer: Transfer, { t, locale }: Language): string {
  const { state, sizeBytes } = transfer;
  switch (state.kind) {
    case 'offered':
      return isOpenOffer(transfer)
        ? t('wants to send {0}', sizeText(sizeBytes, locale))
        : t('waiting for their answer');
    case 'running':
      return runningText(state, sizeBytes, locale);
    case 'checking':
      return t('checking');
    default:
      return t('waiting');
  }
}

/** The road that the bytes take; nothing before any have come. */
export function carrierText({ state }: Transfer, { t }: Language): string | undefined {
  if (state.kind !== 'running' || state.carrier === undefined) return undefined;
  return state.carrier === 'udp' ? t('in datagrams (UDP)') : t('over a connection of its own (TLS)');
}

function runningText(
  { bytes, bytesPerSecond }: Extract<TransferState, { kind: 'running' }>,
  sizeBytes: number,
  locale: string,
): string {
  const share = shareText(bytes, sizeBytes, locale);
  if (bytesPerSecond <= 0) return share;
  const left = durationText(((sizeBytes - bytes) / bytesPerSecond) * 1_000, locale);
  return isolatedParts([share, speedText(bytesPerSecond, locale), left], '  ');
}
