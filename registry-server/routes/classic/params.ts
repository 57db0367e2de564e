// Bounds of the course clients' door, each with its unit. Their requests have some hundred bytes and arrive at once.

/** The request line and the headers together. */
export const MAX_HEAD_BYTES = 8 * 1_024;
export const MAX_BODY_BYTES = 16 * 1_024;
/** From the connection to the last byte of the request. */
export const REQUEST_DEADLINE_MS = 10_000;
/** How long a caller may take to read its answer and go. */
export const ANSWER_LINGER_MS = 1_000;
/** How many keyed names a list has at most, besides the dialect's own: one page of the directory. */
export const MAX_KEYED_LISTED = 100;
/** An address or host name, in characters. Nothing real comes near it. */
export const MAX_PLACE_LENGTH = 255;
/** Python's http.client refuses header lines of 64 KiB. */
export const MAX_HEADER_VALUE_BYTES = 60_000;
