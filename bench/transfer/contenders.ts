// Who takes part, by name; some are loaded only where their package is there.

import { LARGE_DATAGRAM_BYTES } from '../../src/engine/transfer/params.ts';
import type { Contender } from './contender.ts';
import { blastOf } from './contenders/blast.ts';
import {
  datagramsOf,
  hamtaFilesOf,
  hamtaInOneThreadOf,
  hamtaOf,
  probedDatagrams,
} from './contenders/hamta.ts';
import { hamtaTls, hamtaTlsFiles } from './contenders/hamtaTls.ts';
import { rows } from './contenders/rows.ts';
import { tcp } from './contenders/tcp.ts';
import { tls } from './contenders/tls.ts';
import { tlsFiles } from './contenders/tlsFiles.ts';
import { loadUdx } from './contenders/udx.ts';
import { loadWerift } from './contenders/werift.ts';

const ETHERNET_BYTES = 1452;

/** The rows of the table, in its order. */
export const CONTENDERS = {
  'Hamta, sealed, from memory to memory': async () => hamtaOf(datagramsOf(ETHERNET_BYTES)),
  'Hamta, the same in one thread': async () => hamtaInOneThreadOf(datagramsOf(ETHERNET_BYTES)),
  'Hamta, sealed, from file to synced file': async () => hamtaFilesOf(datagramsOf(ETHERNET_BYTES)),
  'Hamta, 32 KiB datagrams': async () => hamtaOf(datagramsOf(LARGE_DATAGRAM_BYTES)),
  'Hamta, 32 KiB datagrams, files': async () => hamtaFilesOf(datagramsOf(LARGE_DATAGRAM_BYTES)),
  'Hamta, sealed, jumbo where probes arrive': async () => hamtaOf(probedDatagrams),
  'Hamta over TLS, from memory to memory': async () => hamtaTls,
  'Hamta over TLS, from file to synced file': async () => hamtaTlsFiles,
  'dgram blast, 1452 B, what arrives': async () => blastOf(ETHERNET_BYTES),
  'dgram blast, 32 KiB, what arrives': async () => blastOf(LARGE_DATAGRAM_BYTES),
  'udx-native, not sealed': loadUdx,
  'raw TLS 1.3': async () => tls,
  'raw TLS 1.3, file to synced file': async () => tlsFiles,
  'raw TCP with CUBIC': async () => tcp,
  werift: loadWerift,
  'rows of a picture, not sealed': async () => rows,
} satisfies Record<string, () => Promise<Contender>>;

export type ContenderName = keyof typeof CONTENDERS;
