// Every command id there is, and what each takes. A test compares this table with package.json, both ways.

import { type Fingerprint, parseFingerprint } from '../contract/fingerprint.ts';

export const COMMANDS = {
  signUp: 'hamta.signUp',
  signOut: 'hamta.signOut',
  releaseName: 'hamta.releaseName',
  refreshPeers: 'hamta.refreshPeers',
  showAddress: 'hamta.showAddress',
  openChat: 'hamta.openChat',
  exportConversation: 'hamta.exportConversation',
  searchMessages: 'hamta.searchMessages',
  connect: 'hamta.connect',
  disconnect: 'hamta.disconnect',
  sendImage: 'hamta.sendImage',
  sendFile: 'hamta.sendFile',
  share: 'hamta.share',
  unshare: 'hamta.unshare',
  fetchShared: 'hamta.fetchShared',
  copyInvite: 'hamta.copyInvite',
  showLog: 'hamta.showLog',
  startRegistry: 'hamta.registry.start',
  stopRegistry: 'hamta.registry.stop',
  showRegistryLog: 'hamta.registry.showLog',
  acceptConnection: 'hamta.acceptConnection',
  rejectConnection: 'hamta.rejectConnection',
  acceptTransfer: 'hamta.acceptTransfer',
  rejectTransfer: 'hamta.rejectTransfer',
  cancelTransfer: 'hamta.cancelTransfer',
  verifyPeer: 'hamta.verifyPeer',
  startAnew: 'hamta.startAnew',
  blockPeer: 'hamta.blockPeer',
  unblockPeer: 'hamta.unblockPeer',
  autoAcceptPeer: 'hamta.autoAcceptPeer',
  doNotDisturb: 'hamta.doNotDisturb',
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** The person that `argument` speaks of. Total: a command can be called by anybody with anything. */
export function personOf(argument: unknown): Fingerprint | undefined {
  return parseFingerprint(argument) ?? parseFingerprint(fieldOf(argument, 'peer'));
}

/** The id of the transfer that `argument` speaks of. */
export function transferOf(argument: unknown): string | undefined {
  const id = fieldOf(argument, 'transfer');
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/** The id of the shared item that `argument` speaks of; whose it is, `personOf` says. */
export function sharedItemOf(argument: unknown): string | undefined {
  const id = fieldOf(argument, 'item');
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}
