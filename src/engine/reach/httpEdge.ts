// What the registry client needs of HTTP. The real one is in io/.

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Follows no redirects. Throws AnswerTooLarge, or anything else when there is no answer. */
export type RequestHttp = (request: HttpRequest) => Promise<HttpAnswer>;

/** An answer larger than anybody who means well would give. A bound against a hostile server. */
export const MAX_ANSWER_BYTES = 256 * 1024;

export class AnswerTooLarge extends Error {
  constructor() {
    super(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    this.name = 'AnswerTooLarge';
  }
}
