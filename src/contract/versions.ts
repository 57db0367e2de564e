// Windows of different builds that share one engine: which build is newer, and which can talk with each other.

/**
 * Of what windows and the engine say to each other. Raised when something that older windows rely on is taken away or changes
 * its meaning; what is only added does not raise it: older windows skip events that they do not know.
 */
export const CONTRACT = 1;
/** Windows that speak an older one cannot attach. */
export const OLDEST_CONTRACT = 1;

const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,100}))?(?:\+|$)/;

/**
 * Whether `version` comes after `than`, as semver.org orders them: 0.2.0-beta.1 before 0.2.0. False when either is not a
 * version, as that of a program which is no window.
 */
export function isNewerVersion(version: string, than: string): boolean {
  const [one, other] = [VERSION.exec(version), VERSION.exec(than)];
  if (one === null || other === null) return false;
  for (const place of [1, 2, 3]) {
    const difference = Number(one[place]) - Number(other[place]);
    if (difference !== 0) return difference > 0;
  }
  return isLaterPrerelease(one[4], other[4]);
}

function isLaterPrerelease(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return one === undefined && other !== undefined;
  return one.localeCompare(other, 'en', { numeric: true }) > 0;
}
