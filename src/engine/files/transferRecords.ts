// What a file has cost beyond its own bytes, for the log: a sentence for people, fields for machines. What is counted is told in
// transfer/README.md. Each engine speaks for itself: what one counted that was killed is not in the words of the next.

/** The sender's, when an engine has nothing more to do with the file: it arrived, failed, or the engine stops. */
export type SentRecord = {
  readonly record: 'sent';
  readonly transfer: string;
  /** As SentTally has them. */
  readonly piecesAgainBytes: number;
  readonly blocksAgainBytes: number;
  /** As ReadCounts has it. */
  readonly readAgainBytes: number;
};

/** The receiver's, when an engine finds a file that another one has begun. */
export type FoundRecord = {
  readonly record: 'found';
  readonly transfer: string;
  /** On the disk without a gap, and proved. */
  readonly thereBytes: number;
  readonly sizeBytes: number;
  /** Read and hashed to prove what is there. */
  readonly readAgainBytes: number;
};

/** The receiver's, when the file is saved. */
export type SavedRecord = {
  readonly record: 'saved';
  readonly transfer: string;
  /** Whole blocks that came though they were on the disk. */
  readonly cameAgainBytes: number;
  /** Came, and was thrown away, as its block was not whole when a session ended. */
  readonly unfinishedBytes: number;
};

export type TransferRecord = SentRecord | FoundRecord | SavedRecord;

/** The sentence, without the file's name. */
export function textOfRecord(record: TransferRecord): string {
  switch (record.record) {
    case 'sent':
      return `${record.piecesAgainBytes + record.blocksAgainBytes} bytes sent again, ${record.readAgainBytes} read again`;
    case 'found':
      return `${record.thereBytes} of ${record.sizeBytes} bytes are there, ${record.readAgainBytes} read again`;
    case 'saved':
      return `saved, ${record.cameAgainBytes} bytes came again, ${record.unfinishedBytes} were of blocks that were not whole`;
  }
}
