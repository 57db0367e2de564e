// The bounds of picture work: a picture comes from anywhere, so each is a bound against a hostile one.

import { MAX_STRIPPED_BYTES } from '../../contract/transfer.ts';

/** What fits an offer's frame beside everything else, in bytes. */
export const MAX_THUMBNAIL_BYTES = 24 * 1024;
/** The longest a picture may be worked on, in ms; then its worker is ended. */
export const PICTURE_DEADLINE_MS = 10_000;
/**
 * So long a picture that somebody fetches waits for its drawing, in ms; then it goes without. They ask for half a minute, and the
 * picture before it may take PICTURE_DEADLINE_MS.
 */
export const FETCHED_PATIENCE_MS = 5_000;
/** Larger files are not decoded, in bytes. */
export const MAX_DECODED_FILE_BYTES = MAX_STRIPPED_BYTES;
/** Of a file that is not decoded, this much is looked at for its header, in bytes. */
export const HEADER_BYTES = 1024 * 1024;
/** What decoding may take, in MiB: the heap of the worker, and by estimate what lies outside of it. */
export const MAX_MEMORY_MIB = 512;
/** Jobs that may wait for the worker; each is a few bytes, but each wait has an end. */
export const MAX_WAITING_PICTURES = 64;
