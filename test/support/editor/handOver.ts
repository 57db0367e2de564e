// Brings things in from outside the window, as a person does: a picture on the clipboard, files from a file manager.
import path from 'node:path';
import type { CDPSession, Locator, Page } from 'playwright-core';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Copy, link and move, as a file manager offers: a tree answers "move", and an offer of copy alone would be turned down. */
const DRAG_OPERATIONS = 1 | 2 | 16;
const SHIFT = 8;
/** VS Code changes its layout at the first of these events and must have done so before the next. */
const BETWEEN_DRAG_EVENTS_MS = 120;

/** Puts a PNG on the browser's clipboard; it re-encodes the picture, so compare pixels and not bytes. */
export async function copyImage(page: Page, png: Uint8Array): Promise<void> {
  await page.bringToFront();
  await page.evaluate(writeToClipboard, Buffer.from(png).toString('base64'));
}

/** Runs in the page. */
async function writeToClipboard(base64: string): Promise<void> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const picture = new Blob([bytes], { type: 'image/png' });
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
}

/**
 * Drags files over a point of the page and drops them there, with the browser's own drag events.
 * @param withShift needed over a webview in the editor area: without it VS Code opens the files
 */
export async function dropFiles(
  page: Page,
  files: readonly string[],
  at: Point,
  withShift: boolean,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  try {
    for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const) {
      await sendDrag(session, type, files, at, withShift);
      await page.waitForTimeout(BETWEEN_DRAG_EVENTS_MS);
    }
  } finally {
    await session.detach();
  }
}

async function sendDrag(
  session: CDPSession,
  type: 'dragEnter' | 'dragOver' | 'drop',
  files: readonly string[],
  at: Point,
  withShift: boolean,
): Promise<void> {
  const data = {
    items: [],
    files: files.map((file) => path.resolve(file)),
    dragOperationsMask: DRAG_OPERATIONS,
  };
  await session.send('Input.dispatchDragEvent', { type, ...at, data, modifiers: withShift ? SHIFT : 0 });
}

export async function centreOf(locator: Locator): Promise<Point> {
  await locator.waitFor();
  const box = await locator.boundingBox();
  if (!box) throw new Error('What should be dropped on is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}

/** Handed over to a page, runs there, and uses nothing of this module: as a browser drops files, without their paths. */
export function dropWithoutPath(on: Element, files: readonly DroppedFile[]): void {
  const dataTransfer = new DataTransfer();
  for (const { name, type, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], name, { type }));
  }
  on.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}
