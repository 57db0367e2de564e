// One way to bring bytes from one process to another, as the transfer's benchmark sees it.

/** What one end must tell the other before they are connected: plain JSON, carried by the benchmark. */
export type Words = Readonly<Record<string, string | number>>;

export interface Setup {
  /** The address of this end. */
  readonly host: string;
  readonly peerHost: string;
  readonly payload: Buffer;
  /** Files are kept here. */
  readonly folder: string;
}

/** The order is: offer, connect, accept, isReady, then the clock runs until `send` has its answer. One transfer each. */
export interface ReceivingEnd {
  offer(): Promise<Words>;
  accept(answer: Words): Promise<void>;
  /** After `send` was answered. Undefined where the contender does not promise the bytes. */
  received(): Promise<Buffer | undefined>;
  close(): void;
}

export interface SendingEnd {
  connect(offer: Words): Promise<Words>;
  isReady(): Promise<void>;
  /** Resolves with the word of the receiver that it holds so many bytes. */
  send(): Promise<number>;
  close(): void;
}

export interface Contender {
  receiver(setup: Setup): ReceivingEnd;
  sender(setup: Setup): SendingEnd;
}
