// What a dialect is to the front: it knows its own request lines, and answers them.

import type { ClassicAnswer } from './classicAnswer.ts';
import type { RequestLine } from './requestLine.ts';
import type { ClassicRequest } from './requestReader.ts';

/** Undefined: close without a byte, as the real registry does. */
export type ClassicRoute = (request: ClassicRequest) => Promise<ClassicAnswer | undefined>;

/** The route of a request line, or undefined when the line is not of this dialect. */
export type Dialect = (line: RequestLine) => ClassicRoute | undefined;
