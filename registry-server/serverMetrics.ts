// The counts of a running server's sockets and of its STUN, as metrics.

import type { Metrics } from './metrics.ts';
import type { RegistryServer } from './registryServer.ts';

export function countServer(
  metrics: Metrics,
  { signalCounts, stunCounts }: Pick<RegistryServer, 'signalCounts' | 'stunCounts'>,
): void {
  metrics.gauge('hamta_registry_sockets', 'Open signal sockets', () => signalCounts().sockets);
  metrics.gauge('hamta_registry_strangers', 'Of these, not yet signed in', () => signalCounts().strangers);
  metrics.gauge('hamta_registry_watched_names', 'Names watched here', () => signalCounts().watchedNames);
  metrics.gauge('hamta_registry_relay_streams', 'Relay streams', () => signalCounts().relayStreams);
  metrics.total(
    'hamta_registry_frames_total',
    'Frames sent to signal sockets',
    () => signalCounts().framesSent,
  );
  metrics.total('hamta_registry_signals_total', 'Signals passed on', () => signalCounts().signals);
  metrics.total('hamta_registry_relayed_bytes_total', 'Bytes relayed', () => signalCounts().relayedBytes);
  metrics.total(
    'hamta_registry_slow_readers_total',
    'Sockets dropped for not reading',
    () => signalCounts().droppedReaders,
  );
  metrics.total(
    'hamta_registry_stun_answers_total',
    'STUN requests answered',
    () => stunCounts()?.answered ?? 0,
  );
  metrics.total(
    'hamta_registry_stun_limited_total',
    'STUN requests over their limit',
    () => stunCounts()?.limited ?? 0,
  );
}
