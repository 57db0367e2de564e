// What was written to each person and not sent, or sent and not answered, so that it outlives tabs, windows and reloads. Each has a file of
// its own: what a page has, under the page's name; a text that was sent or has come back, under its own.

import * as v from 'valibot';
import { Emitter } from '../../base/emitter.ts';
import { type Fingerprint, parseFingerprint } from '../../contract/fingerprint.ts';
import { type ReturnedText, Stamp, UnsentText } from '../../contract/panel.ts';
import { newId } from '../newId.ts';
import { paced } from '../paced.ts';
import { Slips } from './slips.ts';

/** What the engine was asked to say, under this id: a message, or what one of mine says from now on. */
const SentText = v.object({ id: v.string(), ...UnsentText.entries });
export type SentText = v.InferOutput<typeof SentText>;

/** `at`: in ms since the epoch, each later than the one before. */
const Slip = v.variant('kind', [
  /** What a page has. `by`: of what it said last. */
  v.object({ kind: v.literal('draft'), by: Stamp, texts: v.array(UnsentText) }),
  /** What the engine was asked to say, until it has answered. `by`: of the page that has it no more. */
  v.object({ kind: v.literal('sent'), at: v.number(), text: SentText, by: v.exactOptional(Stamp) }),
  /** What could not be said, and no page has been given since. */
  v.object({ kind: v.literal('returned'), at: v.number(), text: UnsentText }),
]);
type Slip = v.InferOutput<typeof Slip>;
type Draft = Extract<Slip, { kind: 'draft' }>;
type Sent = Extract<Slip, { kind: 'sent' }>;

/** While somebody types. */
const SAVE_EVERY_MS = 500;
/** A page that has said nothing for so long does not come back with older words. */
const STAMP_KEPT_MS = 30 * 24 * 60 * 60_000;

export class Drafts {
  readonly #slips: Slips<Slip>;
  /** Ids of what this window waits for an answer to. */
  readonly #waitedFor = new Set<string>();
  readonly #returns = new Emitter<Fingerprint>();
  readonly #closes = new Emitter<void>();
  readonly #soon = paced(SAVE_EVERY_MS, () => void this.#slips.save());
  #lastAt = 0;

  /** `note` is told what could not be read or written; the texts stay in memory then, and are tried again with the next. */
  constructor(folder: string, note: (error: unknown) => void) {
    this.#slips = new Slips(folder, slipIn, note);
  }

  /** Something for this person has come back. */
  readonly onDidReturn = this.#returns.event;

  /** The window goes: whoever has text that stands on no page gives it back now. */
  readonly onWillClose = this.#closes.event;

  /** Reads what there is, other windows' words included. Never rejects. */
  async load(): Promise<void> {
    await this.#slips.load();
    for (const [name, slip] of this.#slips.entries()) {
      const peer = parseFingerprint(name.slice(0, 64));
      if (peer !== undefined) this.#putRight(peer, name, slip);
    }
    // At once: later it would take the place of what the page's own window has written meanwhile.
    await this.#slips.save();
  }

  /** All that this page has. */
  write(peer: Fingerprint, texts: readonly ReturnedText[], by: Stamp): void {
    this.#slips.put(nameOf(peer, by.page), { kind: 'draft', by, texts: [...texts] });
    this.#soon.soon();
  }

  /** The tab of this page is closed for good: what it has is given to the next new one. */
  leave(peer: Fingerprint, page: string): void {
    const name = nameOf(peer, page);
    if (this.#draft(name)?.texts.length === 0) this.#slips.remove(name);
    this.#soon.soon();
  }

  /** All that a page has said, where that is newer than what the editor has kept of it. */
  newerThan(peer: Fingerprint, kept: Stamp): readonly ReturnedText[] | undefined {
    const draft = this.#draft(nameOf(peer, kept.page));
    return draft !== undefined && draft.by.at > kept.at ? draft.texts : undefined;
  }

  /** Whether this was told by that page, or something after it. */
  hasHeard(peer: Fingerprint, { page, at }: Stamp): boolean {
    const draft = this.#draft(nameOf(peer, page));
    return draft !== undefined && draft.by.at >= at;
  }

  /**
   * From here on it is no draft of this page any more: the engine is asked to say it. `at`: when that was so. Resolves when it is on the
   * disk, or that did not take it; never rejects.
   */
  send(peer: Fingerprint, text: SentText, by?: Stamp, at = this.#now()): Promise<void> {
    this.#waitedFor.add(text.id);
    const sent = { kind: 'sent', at, text, ...(by && { by }) } as const;
    this.#slips.put(nameOf(peer, text.id), sent);
    this.#takeFromPage(peer, sent);
    return this.#slips.save();
  }

  /** It is asked for again. */
  waitFor(id: string): void {
    this.#waitedFor.add(id);
  }

  /** It is done, or whoever has written it has it back. */
  answered(peer: Fingerprint, id: string): void {
    const name = nameOf(peer, id);
    if (this.#slips.get(name)?.kind === 'sent') this.#slips.remove(name);
    this.#waitedFor.delete(id);
    this.#soon.soon();
  }

  /** Its engine has gone, and nobody knows whether it is done: it is asked for again under the same id. */
  leaveUnanswered(id: string): void {
    this.#waitedFor.delete(id);
  }

  /** When the engine was first asked to say it, in ms since the epoch; undefined once that has answered. */
  sentAt(peer: Fingerprint, id: string): number | undefined {
    const slip = this.#slips.get(nameOf(peer, id));
    return slip?.kind === 'sent' ? slip.at : undefined;
  }

  /** What is to be asked for again, in the order in which it was. */
  unanswered(peer: Fingerprint): readonly SentText[] {
    return this.#of(peer, 'sent')
      .map(([, { text }]) => text)
      .filter(({ id }) => !this.#waitedFor.has(id));
  }

  /** To whom there is something to be asked for again. */
  unansweredPeers(): readonly Fingerprint[] {
    const peers = this.#slips.entries().flatMap(([name]) => parseFingerprint(name.slice(0, 64)) ?? []);
    return [...new Set(peers)].filter((peer) => this.unanswered(peer).length > 0);
  }

  /** Text that could not be sent, under this `id` if it was asked for. Resolves when it is on the disk; never rejects. */
  giveBack(peer: Fingerprint, text: ReturnedText, id = newId()): Promise<void> {
    this.#slips.put(nameOf(peer, id), { kind: 'returned', at: this.#now(), text });
    this.#waitedFor.delete(id);
    this.#returns.fire(peer);
    return this.#slips.save();
  }

  /** For a page that has been drawn: what came back, and for a new one also what other pages have left. Then this one has it. */
  take(peer: Fingerprint, page: Stamp, { isNew }: { readonly isNew: boolean }): readonly ReturnedText[] {
    const name = nameOf(peer, page.page);
    const own = this.#draft(name);
    const returned = this.#of(peer, 'returned');
    const left = isNew
      ? this.#of(peer, 'draft').filter(([other, { texts }]) => other !== name && texts.length > 0)
      : [];
    const texts = [...returned.map(([, { text }]) => text), ...left.flatMap(([, draft]) => draft.texts)];
    if (texts.length === 0) return texts;
    // Newer than what the editor has kept: the page may go before it has said that it has it.
    const by = { page: page.page, at: Math.max(page.at, own?.by.at ?? 0) + 1 };
    this.#slips.put(name, { kind: 'draft', by, texts: [...texts, ...(own?.texts ?? [])] });
    for (const [other] of [...returned, ...left]) this.#slips.remove(other);
    this.#soon.soon();
    return texts;
  }

  /** Resolves when everything is on the disk. */
  close(): Promise<void> {
    this.#closes.fire();
    this.#soon.dispose();
    return this.#slips.save();
  }

  /** What was said in the moment in which a window went. */
  #putRight(peer: Fingerprint, name: string, slip: Slip): void {
    if (slip.kind === 'sent') this.#takeFromPage(peer, slip);
    if (slip.kind === 'draft' && slip.texts.length === 0 && Date.now() - slip.by.at > STAMP_KEPT_MS)
      this.#slips.remove(name);
  }

  /** What is sent is no draft of its page; what that has written since stays. */
  #takeFromPage(peer: Fingerprint, { text, by }: Sent): void {
    if (by === undefined) return;
    const name = nameOf(peer, by.page);
    const draft = this.#draft(name);
    if (draft !== undefined && draft.by.at >= by.at) return;
    const texts = (draft?.texts ?? []).filter(({ editOf }) => editOf !== text.editOf);
    this.#slips.put(name, { kind: 'draft', by, texts });
  }

  #draft(name: string): Draft | undefined {
    const slip = this.#slips.get(name);
    return slip?.kind === 'draft' ? slip : undefined;
  }

  /** Oldest first. */
  #of<Kind extends Slip['kind']>(peer: Fingerprint, kind: Kind): [string, Extract<Slip, { kind: Kind }>][] {
    const isOne = (entry: [string, Slip]): entry is [string, Extract<Slip, { kind: Kind }>] =>
      entry[0].startsWith(peer) && entry[1].kind === kind;
    return this.#slips
      .entries()
      .filter(isOne)
      .sort(([, a], [, b]) => saidAt(a) - saidAt(b));
  }

  /** In ms since the epoch, later than what this window has said before. */
  #now(): number {
    this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
    return this.#lastAt;
  }
}

function saidAt(slip: Slip): number {
  return slip.kind === 'draft' ? slip.by.at : slip.at;
}

/** `key`: of a page or a text. */
function nameOf(peer: Fingerprint, key: string): string {
  return `${peer}.${key}.json`;
}

function slipIn(content: unknown): Slip | undefined {
  const parsed = v.safeParse(Slip, content);
  return parsed.success ? parsed.output : undefined;
}
