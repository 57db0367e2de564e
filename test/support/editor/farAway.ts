// The line between the windows of a browser and the computer that the editor's extensions run on, made as long as somebody has it
// who works on another computer: what comes or goes at the same moment passes each other on it.
import type { BrowserContext, WebSocketRoute } from 'playwright-core';

/** @param oneWayMs of each message, in both directions; their order stays */
export async function moveAway(context: BrowserContext, oneWayMs: number): Promise<void> {
  await context.addInitScript(readBlobsInTurn);
  await context.routeWebSocket(/./, (window) => {
    const server = window.connectToServer();
    carry(window, server, oneWayMs);
    carry(server, window, oneWayMs);
  });
}

function carry(from: WebSocketRoute, to: WebSocketRoute, oneWayMs: number): void {
  from.onMessage((message) => void setTimeout(() => to.send(message), oneWayMs));
}

/** Runs in the page. Playwright reads each binary message by itself, and a short one overtakes a long one there: now none does. */
function readBlobsInTurn(): void {
  const read = Blob.prototype.arrayBuffer;
  let before: Promise<unknown> = Promise.resolve();
  Blob.prototype.arrayBuffer = function () {
    const mine = read.call(this);
    const inTurn = before.then(() => mine);
    before = inTurn.catch(() => undefined);
    return inTurn;
  };
}
