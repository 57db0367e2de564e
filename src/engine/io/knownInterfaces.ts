// The interfaces of this machine and their addresses, as far as the system tells them.

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

export type KnownInterfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

let told: KnownInterfaces = {};

/**
 * As they are; where the system does not tell them, as it told them last: none before. Android and the sandbox of a service keep them from a
 * process, and none is told that has as many files open as it may have: to ask takes one.
 */
export function knownInterfaces(): KnownInterfaces {
  try {
    told = networkInterfaces();
  } catch {
    // An address that is not true any more costs a dial; an engine that ends costs every link.
  }
  return told;
}
