// The rows of the Peers view about shared files: below a person what they share, below me what I do.

import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Peer } from '../../contract/peer.ts';
import type { OwnSharedItem, SharedItem } from '../../contract/shared.ts';
import type { State } from '../../contract/state.ts';
import { isPicture, losesMetadata, type Transfer } from '../../contract/transfer.ts';
import { isolatedBeside, isolatedParts } from '../bidi.ts';
import { COMMANDS } from '../commands.ts';
import { dateFormat } from '../formats.ts';
import type { Language } from '../language.ts';
import { countText, sizeText } from '../peers/amounts.ts';
import type { Row } from '../peers/row.ts';
import { shortNames, transferText } from '../peers/transferText.ts';

/** Nothing where they share nothing, or are not connected. `running`: transfers with them that are still going on. */
export function theirSharedRows(
  state: State,
  { fingerprint, name }: Peer,
  running: readonly Transfer[],
  language: Language,
): Row[] {
  const items = state.sharedBy?.[fingerprint] ?? [];
  const { t, locale } = language;
  const label = t('Shared ({0})', countText(items.length, locale));
  const fetchOf = ({ id }: SharedItem) => running.find(({ itemId }) => itemId === id);
  return groupOf(
    `shared:${fingerprint}`,
    label,
    t('What {0} shares with you. Click on a file to fetch it.', name),
    items.map((item) => theirRow(fingerprint, item, fetchOf(item), language)),
  ).map((row) => ({ ...row, peer: fingerprint }));
}

export function mySharedRows(state: State, language: Language): Row[] {
  const items = state.shared ?? [];
  const { t, locale } = language;
  return groupOf(
    'shared',
    t('Shared by me ({0})', countText(items.length, locale)),
    t('Files that others can fetch from you while you are connected.'),
    items.map((item) => myRow(state, item, language)),
  );
}

/** `files`: labelled with whole names. */
function groupOf(id: string, label: string, tooltip: string, files: readonly Row[]): Row[] {
  if (files.length === 0) return [];
  const labelOf = shortNames(files.map((file) => file.label));
  const children = files.map((file) => ({ ...file, label: labelOf(file.label) }));
  const icon = { id: 'folder' };
  const shown = { id, label, tooltip, icon, description: '', spoken: `${label}. ${tooltip}` };
  return [{ ...shown, contextValue: 'sharedItems', command: undefined, children, isFolded: true }];
}

/** `running`: it is on its way. */
function theirRow(
  peer: Fingerprint,
  item: SharedItem,
  running: Transfer | undefined,
  language: Language,
): Row {
  const { t, locale } = language;
  const size = sizeText(item.sizeBytes, locale);
  const description = running === undefined ? size : transferText(running, language);
  const hint = running === undefined ? t('Click to fetch it.') : t('It is on its way.');
  return {
    ...rowOf(item, description, language),
    id: `shared:${peer}:${item.id}`,
    tooltip: [`${item.name} · ${size}`, changedText(item, language), hint].join('\n'),
    contextValue: running === undefined ? 'sharedItem' : 'sharedItem fetching',
    command: COMMANDS.fetchShared,
    peer,
  };
}

function myRow(state: State, item: OwnSharedItem, language: Language): Row {
  const size = sizeText(item.sizeBytes, language.locale);
  const about = isolatedParts([size, audienceText(state, item, language)], ' · ');
  return {
    ...rowOf(item, about, language),
    id: `shared:${item.id}`,
    tooltip: [item.path, about, changedText(item, language), ...metadataText(item, language)].join('\n'),
    contextValue: 'ownSharedItem',
    command: undefined,
  };
}

function rowOf(item: SharedItem, description: string, { t }: Language) {
  const kind = isPicture(item.mediaType) ? t('picture') : t('file');
  return {
    item: item.id,
    label: item.name,
    description: isolatedBeside(item.name, description),
    icon: { id: iconOf(item) },
    spoken: `${item.name}, ${kind}, ${description}`,
    children: [],
  };
}

/** Shapes, as everywhere in this tree. */
export function iconOf({ mediaType }: SharedItem): string {
  if (isPicture(mediaType)) return 'file-media';
  return mediaType.startsWith('text/') ? 'file' : 'file-binary';
}

/** Who may fetch it, in names. */
export function audienceText({ peers }: State, { with: sharedWith }: OwnSharedItem, { t }: Language): string {
  if (sharedWith === 'accepted') return t('everybody you have accepted');
  const names = sharedWith.map((fingerprint) => peers[fingerprint]?.name ?? t('somebody who is gone'));
  return names.join(', ');
}

/** Of a picture: what of it goes to whoever fetches it. */
function metadataText(item: SharedItem, { t }: Language): string[] {
  if (!item.mediaType.startsWith('image/')) return [];
  return losesMetadata(item)
    ? [t('It goes without location and camera data. Send it as a file to send all that it says.')]
    : [t('It goes as it is, and may say where and with what it was taken.')];
}

function changedText({ modifiedAt }: SharedItem, { t, locale }: Language): string {
  const date = dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return t('Changed: {0}', date.format(modifiedAt));
}
