// What a person can do about each failure, as a pure table. failures.ts shows them as buttons.

import type { Failure, FailureCode } from '../contract/failure.ts';
import { isLoopback } from './registry/registryLine.ts';

export type Remedy =
  | 'startRegistry'
  | 'registrySetting'
  | 'portSetting'
  | 'folderSetting'
  | 'settingsFile'
  | 'signUp'
  | 'tryAgain'
  | 'reloadWindow'
  | 'showLog';

const REMEDIES: Partial<Record<FailureCode, readonly Remedy[]>> = {
  nameTaken: ['signUp'],
  nameInvalid: ['signUp'],
  notSignedUp: ['signUp'],
  registryUrlInvalid: ['registrySetting'],
  registryUnreachable: ['registrySetting', 'showLog'],
  registryNonsense: ['registrySetting', 'showLog'],
  registryRefused: ['registrySetting', 'showLog'],
  folderUnwritable: ['folderSetting'],
  folderSlow: ['folderSetting'],
  diskFull: ['folderSetting'],
  portInUse: ['portSetting'],
  listenFailed: ['tryAgain', 'showLog'],
  databaseUnusable: ['tryAgain', 'showLog'],
  databaseNewer: ['reloadWindow'],
  windowOutdated: ['reloadWindow'],
  pipeUnusable: ['tryAgain', 'showLog'],
  engineGone: ['tryAgain', 'showLog'],
  engineEnded: ['tryAgain', 'showLog'],
  transferStalled: ['showLog'],
};

/**
 * Best first. A registry can be started here only where its address is this machine's. `downloadFolder`: that of the setting, which
 * changes nothing for another one, as the engine's own or one that was chosen for a single file.
 */
export function remediesFor(failure: Failure, downloadFolder: string): readonly Remedy[] {
  const remedies = REMEDIES[failure.code] ?? [];
  if (failure.code === 'registryUnreachable' && isThisMachine(failure.details.url))
    return ['startRegistry', ...remedies];
  const isElsewhere = 'path' in failure.details && failure.details.path !== downloadFolder;
  return isElsewhere ? remedies.filter((remedy) => remedy !== 'folderSetting') : remedies;
}

function isThisMachine(url: string): boolean {
  return isLoopback(URL.parse(url)?.hostname ?? '');
}
