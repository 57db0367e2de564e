// The four dialects of the course clients, byte by byte over real sockets: heads and bodies in segments of their own.

import assert from 'node:assert/strict';
import { signedPeer } from '../signedPeer.ts';
import { type TestRegistry, testRegistry } from '../testRegistry.ts';
import { exchange, get, post, type Reply } from './courseClient.ts';

const DATE = 'Fri, 15 Jan 2027 08:00:00 GMT';
const JSON_TYPE = 'Content-Type: application/json\r\n';

describe('a course client', () => {
  const sara = signedPeer();
  let registry: TestRegistry;

  beforeEach(async () => {
    registry = await testRegistry();
  });

  afterEach(() => registry.close());

  function ask(...pieces: string[]): Promise<Reply> {
    return exchange(registry.port, ...pieces);
  }

  async function registerKeyed(name: string, addresses = ['2001:db8::7', '192.0.2.7']): Promise<void> {
    const body = sara.registration(name, registry.clock.time++, { addresses });
    const { status } = await registry.ask('PUT', `/v1/peers/${encodeURIComponent(name)}`, body);
    assert.ok(status < 300);
  }

  function bytes(status: string, headers: string[], body = ''): string {
    const now = new Date(registry.clock.time).toUTCString();
    return `${[`HTTP/1.0 ${status}`, 'Server: Hamta', `Date: ${now}`, ...headers].join('\r\n')}\r\n\r\n${body}`;
  }

  describe('of dialect s0', () => {
    const profile = (username: unknown, address: unknown, type = JSON_TYPE) =>
      post('/send_peer_profile', JSON.stringify({ username, address }), type);

    it('registers, is listed, and is looked up', async () => {
      const json = (length: number) => ['Content-Type: application/json', `Content-Length: ${length}`];
      assert.equal(
        (await ask(...profile('ali', '(127.0.1.1,8010)'))).text,
        bytes('200 OK', json(46), '{"message":"User profile saved successfully"}\n'),
      );
      await ask(...profile('sara', '(127.0.1.1,8011)'));
      assert.equal(
        (await ask(get('/get_all_peers'))).text,
        bytes('200 OK', json(25), '{"peers":["ali","sara"]}\n'),
      );
      assert.equal(
        (await ask(get('/get_peer_info/ali'))).text,
        bytes('200 OK', json(31), '{"address":"(127.0.1.1,8010)"}\n'),
      );
    });

    it('is given an empty list, and 404 for nobody', async () => {
      assert.equal((await ask(get('/get_all_peers'))).body, '{"peers":[]}\n');
      const { status, body } = await ask(get('/get_peer_info/nobody'));
      assert.deepEqual([status, body], [404, '{"error":"Peer not found"}\n']);
      assert.equal((await ask(get('/get_peer_info/%ff'))).status, 404);
      assert.equal((await ask(get('/get_peer_info/'))).status, 404);
    });

    it('gets its address back as it wrote it, and may be called anything', async () => {
      const address = '( 127.0.1.1 , 8010 "é")';
      for (const name of ['سارا', 'info', 'a b', 'x?y', 'listOfclients', 'Ali', 'ali']) {
        await ask(...profile(name, `${address}${name}`));
        const { body } = await ask(get(`/get_peer_info/${encodeURIComponent(name)}`));
        assert.deepEqual(JSON.parse(body), { address: `${address}${name}` });
      }
    });

    it('overwrites a name', async () => {
      await ask(...profile('ali', '(1.1.1.1,1)'));
      assert.equal((await ask(...profile('ali', '(2.2.2.2,2)'))).status, 200);
      assert.equal((await ask(get('/get_peer_info/ali'))).body, '{"address":"(2.2.2.2,2)"}\n');
    });

    it('is told what is invalid', async () => {
      for (const [name, address] of [
        ['', '(1.1.1.1,1)'],
        ['ali', ''],
        [undefined, '(1.1.1.1,1)'],
        ['ali', undefined],
        [7, '(1.1.1.1,1)'],
        ['ali', 'x'.repeat(300)],
        ['x'.repeat(65), '(1.1.1.1,1)'],
        ['a\u0000b', '(1.1.1.1,1)'],
      ]) {
        const { status, body } = await ask(...profile(name, address));
        assert.deepEqual([status, body], [400, '{"error":"Invalid data"}\n'], `${name} ${address}`);
      }
      for (const [head, body] of [
        profile('ali', '(1.1.1.1,1)', 'Content-Type: text/plain\r\n'),
        profile('ali', '(1.1.1.1,1)', ''),
        post('/send_peer_profile', '{"username', JSON_TYPE),
        post('/send_peer_profile', '[]', JSON_TYPE),
        post('/send_peer_profile', '', JSON_TYPE),
      ]) {
        const reply = await ask(head, body);
        assert.equal(reply.status, 400);
        assert.match(reply.body, /^<!doctype html>/);
        assert.deepEqual(reply.headers[2], ['Content-Type', 'text/html; charset=utf-8']);
      }
      assert.equal((await ask(get('/get_all_peers'))).body, '{"peers":[]}\n');
    });

    it('sees a peer with a key at its TCP port, and cannot take its name', async () => {
      await registerKeyed('Sara');
      assert.equal((await ask(get('/get_peer_info/Sara'))).body, '{"address":"(192.0.2.7,4100)"}\n');
      assert.equal((await ask(get('/get_all_peers'))).body, '{"peers":["Sara"]}\n');
      for (const name of ['Sara', 'sara', 'Ѕаrа']) {
        const { status, body } = await ask(...profile(name, '(1.1.1.1,1)'));
        assert.deepEqual([status, body], [409, '{"error":"This name belongs to somebody else"}\n']);
      }
      assert.equal((await ask(get('/get_peer_info/Sara'))).body, '{"address":"(192.0.2.7,4100)"}\n');
    });

    it('does not see a peer with a key that is away', async () => {
      await registerKeyed('Sara');
      registry.clock.time += 90_000;
      assert.equal((await ask(get('/get_peer_info/Sara'))).status, 404);
      assert.equal((await ask(get('/get_all_peers'))).body, '{"peers":[]}\n');
    });

    it('makes way for a key', async () => {
      await ask(...profile('Sara', '(1.1.1.1,1)'));
      await registerKeyed('sara', ['2001:db8::7']);
      assert.equal((await ask(get('/get_peer_info/Sara'))).body, '{"address":"(2001:db8::7,4100)"}\n');
    });
  });

  describe('of dialect s1', () => {
    const register = (name: unknown, ip: unknown = '127.0.1.1', port: unknown = 50_000) =>
      post('name', JSON.stringify({ name, ip, port }));

    it('registers, is listed, and is looked up, without a slash', async () => {
      assert.equal((await ask(...register('ali'))).text, bytes('200 OK', []));
      await ask(...register('sara', '127.0.1.1', 50_001));
      assert.equal((await ask(get('list'))).text, bytes('200 OK', ['Content-Length: 15'], '["ali", "sara"]'));
      assert.equal(
        (await ask(get('user/ali'))).text,
        bytes('200 OK', ['Content-Length: 34'], '{"ip": "127.0.1.1", "port": 50000}'),
      );
    });

    it('is told by 400 without a body that there is nobody', async () => {
      assert.equal((await ask(get('list'))).text, bytes('400 Bad Request', []));
      assert.equal((await ask(get('user/nobody'))).text, bytes('400 Bad Request', []));
      assert.equal((await ask(get('user'))).status, 400);
    });

    it('cannot have a name that is there', async () => {
      await ask(...register('ali'));
      assert.equal((await ask(...register('ali', '10.0.0.1', 1))).text, bytes('400 Bad Request', []));
      assert.equal((await ask(get('user/ali'))).body, '{"ip": "127.0.1.1", "port": 50000}');
      registry.clock.time += 24 * 3_600_000;
      assert.equal((await ask(...register('ali', '10.0.0.1', 1))).status, 200);
    });

    it('is not answered at all when what it sends is no registration', async () => {
      for (const [head, body] of [
        post('name', '{"name'),
        post('name', '[]'),
        post('name', '{"name": "ali", "ip": "1.1.1.1"}'),
        register(7),
        register('ali', 7),
        register('ali', '1.1.1.1', '50000'),
        register('ali', '1.1.1.1', 1.5),
        register('ali', '1.1.1.1', 70_000),
      ]) {
        assert.equal((await ask(head, body)).text, '', body);
      }
      assert.equal((await ask(get('list'))).status, 400);
    });

    it('may also use a slash', async () => {
      const [head, body] = register('سارا');
      assert.equal((await ask(head.replace('name', '/name'), body)).status, 200);
      assert.equal((await ask(get('/list'))).body, '["\\u0633\\u0627\\u0631\\u0627"]');
      assert.equal((await ask(get(`/user/${encodeURIComponent('سارا')}`))).status, 200);
      assert.equal((await ask(get('user/سارا'))).status, 200);
    });

    it('sees a peer with a key at its UDP port, if its name can be asked for', async () => {
      await registerKeyed('Sara');
      await registerKeyed('Sara B');
      await registerKeyed('سارا');
      assert.equal((await ask(get('user/Sara'))).body, '{"ip": "192.0.2.7", "port": 4101}');
      assert.equal((await ask(get('list'))).body, '["Sara"]');
      assert.equal((await ask(...register('sara'))).status, 400);
    });
  });

  describe('of dialect s2', () => {
    const signUp = (username: unknown, port: unknown = 5_005, ip: unknown = '127.0.0.1') =>
      post('/signup', JSON.stringify({ username, ip, port }));
    const json = ['Content-type: application/json'];

    it('signs up, is listed, and is looked up, without a length', async () => {
      assert.equal((await ask(...signUp('ali'))).text, bytes('200 OK', ['Content-type: text/plain'], 'Done'));
      await ask(...signUp('sara b', 5_006));
      assert.equal((await ask(get('/users'))).text, bytes('200 OK', json, '{"users": ["ali", "sara b"]}'));
      assert.equal((await ask(get('/user?id=ali'))).text, bytes('200 OK', json, '{"port": "5005"}'));
      assert.equal((await ask(get('/user?id=sara+b'))).body, '{"port": "5006"}');
      assert.equal((await ask(get('/user?x=1&id=sara%20b'))).body, '{"port": "5006"}');
    });

    it('is given an empty list, and an empty body for nobody', async () => {
      assert.equal((await ask(get('/users'))).text, bytes('200 OK', json, '{"users": []}'));
      assert.equal((await ask(get('/user?id=nobody'))).text, bytes('200 OK', json));
    });

    it('overwrites a name', async () => {
      await ask(...signUp('ali'));
      assert.equal((await ask(...signUp('ali', 6_000))).body, 'Done');
      assert.equal((await ask(get('/user?id=ali'))).body, '{"port": "6000"}');
    });

    it('is not answered at all when something is missing', async () => {
      for (const [head, body] of [
        post('/signup', '{"username": "ali", "ip": "1.1.1.1"}'),
        post('/signup', '{"username": "ali", "port": 1}'),
        post('/signup', 'x'),
        signUp(undefined),
        signUp('ali', '5005'),
        signUp('ali', -1),
      ]) {
        assert.equal((await ask(head, body)).text, '', body);
      }
      assert.equal((await ask(get('/user'))).text, '');
      assert.equal((await ask(get('/user?name=ali'))).text, '');
    });

    it('is told when a name cannot be used', async () => {
      assert.equal((await ask(...signUp(''))).status, 400);
      await registerKeyed('Sara');
      assert.equal((await ask(...signUp('sara'))).status, 409);
      assert.equal((await ask(get('/user?id=Sara'))).body, '{"port": "4101"}');
      assert.equal((await ask(get('/users'))).body, '{"users": ["Sara"]}');
    });
  });

  describe('of dialect s4', () => {
    const record = '{"bob": "127.0.0.1", "port": 5000, "hostname": "pc"}';
    const base = 'http://localhost:8031';
    const info = (body = record) => post(`${base}/info`, body, `Content-type: ${body.length}\r\n`, 'Post');
    const choose = (body: string) =>
      post(`${base}/choseClient`, body, `Content-type: ${body.length}\r\n`, 'Post');
    const LIST = '200 Which system do you want to connect to?';
    const CHOSEN = '200 The information required to connect to the system';

    it('registers with exactly the bytes of the real one', async () => {
      const head =
        'Post http://localhost:8031/info HTTP/1.1\r\n' +
        'Host: localhost:8031\r\nAccept-Encoding: identity\r\nContent-Length: 52\r\nContent-type: 52\r\n\r\n';
      assert.equal((await ask(head, record)).text, bytes('200 OK', []));
      assert.equal((await ask(get(`${base}/listOfclients`))).text, bytes(LIST, ['ids: ["bob"]']));
    });

    it('finds the answer in the third header', async () => {
      await ask(...info());
      await ask(...info('{"reza": "127.0.0.2", "port": "5001", "hostname": "pc2"}'));
      const list = await ask(get(`${base}/listOfclients`));
      assert.equal(list.text, bytes(LIST, ['ids: ["bob", "reza"]']));
      assert.equal(list.headers[2]?.[0], 'ids');
      const chosen = await ask(...choose('{"id": "bob"}'));
      assert.equal(chosen.text, bytes(CHOSEN, ['infoClient: ["pc", "5000", "127.0.0.1"]']));
      const other = await ask(...choose('{"whatever": "reza", "id": "bob"}'));
      assert.deepEqual(other.headers[2], ['infoClient', '["pc2", "5001", "127.0.0.2"]']);
    });

    it('is given an empty list, for nobody too', async () => {
      assert.equal((await ask(get(`${base}/listOfclients`))).text, bytes(LIST, ['ids: []']));
      assert.equal((await ask(...choose('{"id": "nobody"}'))).text, bytes(CHOSEN, ['infoClient: []']));
      assert.equal((await ask(...choose('{}'))).text, bytes(CHOSEN, ['infoClient: []']));
    });

    it('is understood by the length in Content-type alone, and as POST', async () => {
      const head = `POST /info HTTP/1.0\r\nCONTENT-TYPE: ${record.length}\r\n\r\n`;
      assert.equal((await ask(head, record.slice(0, 20), record.slice(20))).status, 200);
      assert.equal((await ask(get('/listOfclients'))).headers[2]?.[1], '["bob"]');
    });

    it('is told 404 for anything else that it posts', async () => {
      const [head, body] = post(`${base}/other`, '', '', 'Post');
      assert.equal((await ask(head, body)).text, bytes('404 file not found', []));
    });

    it('cannot be called what its own list cannot hold', async () => {
      for (const name of ['port', 'hostname', 'a b', 'a,b', '[a', 'a]', 'a\\"b', 'سارا', '']) {
        const { status } = await ask(...info(`{"${name}": "127.0.0.1", "port": 1, "hostname": "pc"}`));
        assert.equal(status, 400, name);
      }
      for (const body of [
        '{"bob": "127.0.0.1", "port": 5000}',
        '{"bob": 7, "port": 1, "hostname": "x"}',
        'x',
        '[]',
      ]) {
        assert.equal((await ask(...info(body))).status, 400, body);
      }
      assert.equal((await ask(...choose('x'))).status, 400);
      assert.equal((await ask(get('/listOfclients'))).headers[2]?.[1], '[]');
    });

    it('cannot write headers of its own into the answers', async () => {
      await ask(...info('{"bob": "1.1.1.1", "port": 1, "hostname": "x\\r\\nSet-Cookie: y\\u2028é"}'));
      const { headers } = await ask(...choose('{"id": "bob"}'));
      assert.deepEqual(headers[2], ['infoClient', '["x\\r\\nSet-Cookie: y\\u2028\\u00e9", "1", "1.1.1.1"]']);
      assert.equal(headers.length, 3);
    });

    it('sees a peer with a key, if its list can hold the name', async () => {
      await registerKeyed('Sara');
      await registerKeyed('Sara B');
      assert.equal((await ask(get('/listOfclients'))).headers[2]?.[1], '["Sara"]');
      assert.equal(
        (await ask(...choose('{"id": "Sara"}'))).headers[2]?.[1],
        '["192.0.2.7", "4100", "192.0.2.7"]',
      );
      assert.equal((await ask(...info('{"sara": "1.1.1.1", "port": 1, "hostname": "x"}'))).status, 409);
    });

    it('gets a list that fits into a header', async () => {
      for (let i = 0; i < 1_000; i++) {
        await ask(info(`{"${String(i).padStart(64, 'x')}": "1.1.1.1", "port": 1, "hostname": "x"}`).join(''));
      }
      const list = (await ask(get('/listOfclients'))).headers[2]?.[1] ?? '';
      assert.ok(list.length > 50_000 && list.length < 65_000, `${list.length}`);
      assert.equal(JSON.parse(list).length, list.split(', ').length);
    }).timeout(30_000);
  });

  it('is not seen by those with a key, and has the date of the clock', async () => {
    await ask(...post('name', '{"name": "ali", "ip": "1.1.1.1", "port": 1}'));
    assert.equal((await registry.ask('GET', '/v1/peers/ali')).status, 404);
    assert.deepEqual((await registry.ask('GET', '/v1/peers')).body, { peers: [] });
    assert.deepEqual((await ask(get('list'))).headers[1], ['Date', DATE]);
  });

  it('sees only those of its own dialect', async () => {
    await ask(...post('name', '{"name": "one", "ip": "1.1.1.1", "port": 1}'));
    await ask(...post('/signup', '{"username": "two", "ip": "1.1.1.1", "port": 1}'));
    assert.equal((await ask(get('list'))).body, '["one"]');
    assert.equal((await ask(get('/users'))).body, '{"users": ["two"]}');
    assert.equal((await ask(get('/get_all_peers'))).body, '{"peers":[]}\n');
    assert.equal((await ask(get('/user?id=one'))).body, '');
  });
});
