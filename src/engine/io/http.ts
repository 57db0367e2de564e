// The engine's one way to ask an HTTP server: a bounded request with a bounded answer.

import { AnswerTooLarge, type HttpAnswer, type HttpRequest, MAX_ANSWER_BYTES } from '../reach/httpEdge.ts';

/** Throws when nothing answers, the signal ends it, or the answer is too large. Redirects are not followed. */
export async function requestHttp({ method, url, body, signal }: HttpRequest): Promise<HttpAnswer> {
  const answer = await fetch(url, {
    method,
    signal,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await boundedText(answer) };
}

async function boundedText(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
