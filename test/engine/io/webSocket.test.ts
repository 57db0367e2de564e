// The engine's WebSocket client against real servers that do not do what they should.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { WebSocketServer } from 'ws';
import { MAX_SERVER_FRAME_BYTES } from '../../../src/contract/signal.ts';
import { MAX_PIECES, WebSocketDial } from '../../../src/engine/io/webSocket.ts';

interface Heard {
  readonly said: string[];
  readonly closed: Promise<{ code: number; isThere: boolean }>;
  readonly dial: WebSocketDial;
}

describe("the engine's WebSocket", () => {
  const servers: Server[] = [];

  async function serve(answer: RequestListener): Promise<{ server: Server; url: string }> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/signal` };
  }

  function dial(url: string): Heard {
    const said: string[] = [];
    let end = (_: { code: number; isThere: boolean }) => {};
    const closed = new Promise<{ code: number; isThere: boolean }>((resolve) => {
      end = resolve;
    });
    const socket = new WebSocketDial(url, {
      opened: () => said.push('opened'),
      text: (text) => said.push(text),
      closed: (code, isThere) => {
        said.push('closed');
        end({ code, isThere });
      },
    });
    return { said, closed, dial: socket };
  }

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('says that there is no such socket where something else answers, and that there may be one where it passes', async () => {
    for (const [status, isThere] of [
      [200, false],
      [301, false],
      [404, false],
      [429, true],
      [503, true],
    ] as const) {
      const { url } = await serve((_, response) => response.writeHead(status, { Location: '/other' }).end());
      const heard = dial(url);
      assert.deepEqual(await heard.closed, { code: 1006, isThere }, `${status}`);
      assert.deepEqual(heard.said, ['closed']);
    }
  });

  it('says once that nobody answers', async () => {
    const gone = createTcpServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const heard = dial(`ws://127.0.0.1:${port}/v1/signal`);
    assert.deepEqual(await heard.closed, { code: 1006, isThere: true });
  });

  it('takes text both ways, and hears with which code it ended', async () => {
    const { server, url } = await serve(() => undefined);
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (ws) => {
      ws.on('message', (data) => {
        ws.send(`you said ${data}`);
        ws.send(Buffer.from([1]));
        ws.close(4409, 'replaced');
      });
      ws.send('hello');
    });
    const heard = dial(url);
    await once(sockets, 'connection');
    while (!heard.said.includes('hello')) await new Promise(setImmediate);
    heard.dial.send('this');
    assert.deepEqual(await heard.closed, { code: 4409, isThere: true });
    assert.deepEqual(heard.said, ['opened', 'hello', 'you said this', 'closed']);
  });

  it('ends a socket that sends more than any frame has', async () => {
    const { server, url } = await serve(() => undefined);
    new WebSocketServer({ server }).on('connection', (ws) => {
      ws.on('error', () => undefined);
      ws.send('x'.repeat(MAX_SERVER_FRAME_BYTES + 1));
    });
    const heard = dial(url);
    await heard.closed;
    assert.deepEqual(heard.said, ['opened', 'closed']);
  });

  it('ends a socket that sends one frame in more pieces than any has', async () => {
    const { server, url } = await serve(() => undefined);
    new WebSocketServer({ server }).on('connection', (ws) => {
      ws.on('error', () => undefined);
      for (let piece = 1; piece <= MAX_PIECES; piece++) ws.send('x', { fin: false });
      ws.send('x');
    });
    const heard = dial(url);
    await heard.closed;
    assert.deepEqual(heard.said, ['opened', 'closed']);
  });

  it('takes a frame in as many pieces as a thin line makes of it', async () => {
    const { server, url } = await serve(() => undefined);
    new WebSocketServer({ server }).on('connection', (ws) => {
      for (let piece = 1; piece < MAX_PIECES; piece++) ws.send('x', { fin: false });
      ws.send('x');
      ws.close();
    });
    const heard = dial(url);
    await heard.closed;
    assert.deepEqual(heard.said, ['opened', 'x'.repeat(MAX_PIECES), 'closed']);
  });

  it('says nothing after it was let go, before and after it was open', async () => {
    const { server, url } = await serve(() => undefined);
    const sockets = new WebSocketServer({ server });
    const early = dial(url);
    early.dial.dispose();
    const late = dial(url);
    const [ws] = await once(sockets, 'connection');
    late.dial.dispose();
    late.dial.dispose();
    late.dial.send('x');
    await once(ws, 'close');
    assert.deepEqual([early.said, late.said.filter((each) => each !== 'opened')], [[], []]);
  });
});
