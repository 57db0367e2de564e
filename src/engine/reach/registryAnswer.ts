// Reads what a registry answered: the value that was asked for, or the Failure that a person can understand.

import * as v from 'valibot';
import type { Millis } from '../../base/clock.ts';
import { type FailureError, fail } from '../../contract/failure.ts';
import { PROBLEM_TYPES, Problem, type ProblemType } from '../../contract/registry.ts';
import { AnswerTooLarge, type HttpAnswer } from './httpEdge.ts';

/** A gateway says so when the registry behind it is down. */
const GATEWAY_STATUSES = [502, 503, 504];
/** Of a registry's own words, in characters. */
const MAX_DETAIL = 300;

/** A problem that the registry itself has described, not yet put into words for a person. */
export class RegistryProblem extends Error {
  readonly type: ProblemType | undefined;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = 'RegistryProblem';
    this.problem = problem;
    const word = problem.type.split('/').pop();
    this.type = PROBLEM_TYPES.find((type) => type === word);
  }
}

/** The value in a good answer. Throws RegistryProblem, or FailureError registryUnreachable or registryNonsense. */
export function readAnswer<Schema extends v.GenericSchema>(
  schema: Schema,
  { status, body }: HttpAnswer,
  url: string,
): v.InferOutput<Schema> {
  const json = parseJson(body);
  if (status < 200 || status > 299) throw refusalOf(status, json, url);
  if (json === undefined) throw nonsense(url, notJson(body));
  return checked(schema, json, url);
}

/** Whether the registry did as asked; what else it says does not matter. Throws as `readAnswer` does. */
export function expectSuccess({ status, body }: HttpAnswer, url: string): void {
  if (status < 200 || status > 299) throw refusalOf(status, parseJson(body), url);
}

/** With `stale-record`: what a new claim must be later than. Undefined for every other answer. */
export function staleTime({ status, body }: HttpAnswer): Millis | undefined {
  const problem = status === 409 ? v.safeParse(Problem, parseJson(body)) : undefined;
  if (!problem?.success) return undefined;
  const { type, problem: told } = new RegistryProblem(problem.output);
  return type === 'stale-record' ? told.newerThan : undefined;
}

/** `detail`: one of ours that has words (contract/failure.ts), or what has a name in every language: a field, a status. */
export function nonsense(url: string, detail: string): FailureError {
  return fail('registryNonsense', { url, detail });
}

/** For a request that got no answer at all. */
export function noAnswer(error: unknown, url: string): FailureError {
  if (error instanceof AnswerTooLarge) return fail('registryNonsense', { url, detail: 'tooLarge' }, error);
  if (isNoHttp(error)) return fail('registryNonsense', { url, detail: 'noHttp' }, error);
  return fail('registryUnreachable', { url }, error);
}

/** What the registry itself refused, as far as no caller knows better. */
export function refused({ problem: { detail, title } }: RegistryProblem, url: string): FailureError {
  return fail('registryRefused', { url, detail: (detail ?? title).slice(0, MAX_DETAIL) });
}

function refusalOf(status: number, json: unknown, url: string): Error {
  const problem = v.safeParse(Problem, json);
  if (problem.success) return new RegistryProblem(problem.output);
  if (GATEWAY_STATUSES.includes(status)) return fail('registryUnreachable', { url });
  return nonsense(url, `HTTP ${status}`);
}

function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  url: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  throw nonsense(url, v.getDotPath(result.issues[0]) ?? 'otherKind');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function notJson(body: string): string {
  if (body.trim() === '') return 'emptyAnswer';
  return /^\s*</.test(body) ? 'webPage' : 'noJson';
}

/** The parser of Node's HTTP client names its errors so. */
function isNoHttp(error: unknown): boolean {
  const code = ((error as Error | undefined)?.cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('HPE_');
}
