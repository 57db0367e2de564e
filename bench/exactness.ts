// Files over networks of every bad kind, in virtual time: each arrives whole, or both sides know that it did not. What fails is
// named by its seed, and the seed makes it again.

import { type BadTransfer, badTransfer } from './exactness/badTransfer.ts';

export interface ExactnessTable {
  readonly transfers: number;
  readonly exact: number;
  /** A clear end without the file on both sides: the path was gone for too long, or somebody seemed to forge. */
  readonly ended: number;
  readonly failedSeeds: readonly number[];
  /** Files of which datagrams were damaged so that the checksum is right. */
  readonly withPassingDamage: number;
  /** Of those, in all. */
  readonly damagePassed: number;
  /** Files whose sender, or receiver, got another address while they were under way. */
  readonly senderMoved: number;
  readonly receiverMoved: number;
}

/** Exit code 1 when one is wrong. */
export function measureExactness(transfers: number, transferOf = badTransfer): ExactnessTable {
  const all = Array.from({ length: transfers }, (_, i) => transferOf(i + 1));
  const count = (is: (one: BadTransfer) => boolean) => all.filter(is).length;
  const failedSeeds = all.flatMap(({ verdict }, i) => (verdict === 'wrong' ? [i + 1] : []));
  if (failedSeeds.length > 0) process.exitCode = 1;
  return {
    transfers,
    exact: count(({ verdict }) => verdict === 'exact'),
    ended: count(({ verdict }) => verdict === 'ended'),
    failedSeeds,
    withPassingDamage: count(({ damagePassed }) => damagePassed > 0),
    damagePassed: all.reduce((sum, one) => sum + one.damagePassed, 0),
    senderMoved: count(({ senderMoves }) => senderMoves > 0),
    receiverMoved: count(({ receiverMoves }) => receiverMoves > 0),
  };
}

export function printExactness({ transfers, exact, ended, failedSeeds, ...met }: ExactnessTable): void {
  console.log(
    `\n${transfers} files over random loss to 30 %, bursts, duplicates, reordering, damage, black holes, pauses and moves`,
  );
  console.log(`  exact                       ${exact}`);
  console.log(`  ended clearly on both sides ${ended}`);
  console.log(
    `  wrong                       ${failedSeeds.length}${failedSeeds.length > 0 ? `: seeds ${failedSeeds}` : ''}`,
  );
  console.log(
    `  damage that passes the CRC  in ${met.withPassingDamage} of the files, ${met.damagePassed} datagrams`,
  );
  console.log(`  another address             ${met.senderMoved} senders, ${met.receiverMoved} receivers`);
}
