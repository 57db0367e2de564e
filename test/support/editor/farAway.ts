// The line between the windows of a browser and the computer that the editor's extensions run on, made as long as somebody has it
// who works on another computer: what comes or goes at the same moment passes each other on it.
import type { BrowserContext, WebSocketRoute } from 'playwright-core';

/** @param oneWayMs of each message, in both directions; their order stays */
export async function moveAway(context: BrowserContext, oneWayMs: number): Promise<void> {
  await context.routeWebSocket(/./, (window) => {
    const server = window.connectToServer();
    carry(window, server, oneWayMs);
    carry(server, window, oneWayMs);
  });
}

function carry(from: WebSocketRoute, to: WebSocketRoute, oneWayMs: number): void {
  from.onMessage((message) => void setTimeout(() => to.send(message), oneWayMs));
}
