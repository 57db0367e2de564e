// What instances of the registry tell each other: one interface with two implementations that one suite holds. Messages are
// small, may be lost while the bus is away, and are then said to be.

export interface BusListener {
  heard(topic: string, text: string): void;
  /** False, and why: from now on messages may be missing. True: every topic is followed again, and nothing is missing from now on. */
  road(isUp: boolean, cause?: string): void;
}

export interface PresenceBus {
  /** Once, before anything else. */
  listen(listener: BusListener): void;
  /** Answers how many instances follow the topic, this one included, or undefined where nobody can know. Rejects while it is away. */
  publish(topic: string, text: string): Promise<number | undefined>;
  /** Resolves when messages from now on are heard, or, while it is away, will be once it is back. Following twice is following once. */
  follow(topic: string): Promise<void>;
  unfollow(topic: string): void;
  close(): void;
}

/** Holders of one name, by its sort key. */
export function nameTopic(sortKey: string): string {
  return `name:${sortKey}`;
}

/** What is meant for the socket of one key, by its fingerprint. */
export function keyTopic(fingerprint: string): string {
  return `key:${fingerprint}`;
}

/** Names that were taken for the first time. */
export const NEWCOMERS_TOPIC = 'newcomers';
