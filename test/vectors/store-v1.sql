-- A database of version 1 as the engine of that time has left it: two people, texts both ways, a file that was received, and a text that waits.
PRAGMA user_version = 1;
CREATE TABLE profile (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT,
    registryUrl TEXT,
    port INTEGER
  ) STRICT;
CREATE TABLE contacts (
    fingerprint TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('unknown', 'accepted', 'blocked')),
    connectWanted INTEGER NOT NULL,
    lastSeenAt INTEGER,
    hosts TEXT NOT NULL, -- JSON array
    tcpPort INTEGER,
    udpPort INTEGER,
    nameConflict TEXT
  ) STRICT, WITHOUT ROWID;
CREATE INDEX strangers ON contacts (lastSeenAt) WHERE standing = 'unknown' AND connectWanted = 0;
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    peer TEXT NOT NULL UNIQUE,
    lastMine INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    readByPeer INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0,
    readByMe INTEGER NOT NULL DEFAULT 0
  ) STRICT;
CREATE TABLE entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations,
    mine INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    storedAt INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON, as on the wire
    UNIQUE (conversation, mine, number)
  ) STRICT;
CREATE INDEX visibleInOrder ON entries (conversation, position) WHERE visible = 1;
CREATE INDEX visibleByNumber ON entries (conversation, mine, number) WHERE visible = 1;
CREATE TABLE transfers (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    peer TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('send', 'receive')),
    name TEXT NOT NULL,
    mediaType TEXT NOT NULL,
    sizeBytes INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    placeholder TEXT,
    thumbnailPath TEXT,
    path TEXT,
    folder TEXT,
    sourceModifiedAtMs REAL, -- file systems give fractions
    state TEXT NOT NULL, -- JSON
    final INTEGER NOT NULL
  ) STRICT;
CREATE INDEX unfinished ON transfers (peer, position) WHERE final = 0;
INSERT INTO profile (id, name, registryUrl, port) VALUES (1, 'sara', 'http://127.0.0.1:38261', 36317);
INSERT INTO contacts (fingerprint, name, standing, connectWanted, lastSeenAt, hosts, tcpPort, udpPort, nameConflict) VALUES ('158370e78ed7c828e5f02a1069d660e1c682292287c65d3a9fb28208cd01294b', 'bob', 'accepted', 1, 1795163989230, '["127.0.0.1"]', 33225, 33225, NULL);
INSERT INTO conversations (id, peer, lastMine, delivered, readByPeer, received, readByMe) VALUES (1, '158370e78ed7c828e5f02a1069d660e1c682292287c65d3a9fb28208cd01294b', 5, 4, 2, 4, 1);
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (1, 1, 1, 1, '8e338bc96e60d2c65cb57c06fe4f1fac', 1795163987083, 1795163987083, 1, '{"kind":"text","text":"hello"}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (2, 1, 1, 2, '56392571dff9b5fc0a1330fc9890b07d', 1795163987090, 1795163987090, 1, '{"kind":"text","text":"سلام، خوبی؟"}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (3, 1, 1, 3, '3836ed35ef095051bfbd0e41a7dad365', 1795163987217, 1795163987217, 1, '{"kind":"text","text":"it''s a \"quote\"; -- and a comment\nin two lines"}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (4, 1, 0, 1, '189071e1288c467198916bd27f574c67', 1795163987242, 1795163987270, 1, '{"kind":"text","text":"hi, two of these are read"}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (5, 1, 0, 2, '566a67b08ddc9029da2f130b02c9ac4c', 1795163987473, 1795163987483, 1, '{"kind":"text","text":"and this is not"}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (6, 1, 1, 4, '546c1a2131e128b589a649462526af00', 1795163989008, 1795163989008, 1, '{"kind":"offer","transferId":"fe491c27bea722ac7f083f714b628ff8","name":"notes.txt","mediaType":"application/octet-stream","sizeBytes":5}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (7, 1, 0, 3, '4561e17929d3070a46d242f2f64f949a', 1795163989143, 1795163989153, 0, '{"kind":"answer","transferId":"fe491c27bea722ac7f083f714b628ff8","accepted":true}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (8, 1, 0, 4, '247426743f8b4ea33c8f4b3118bb64a8', 1795163989191, 1795163989195, 0, '{"kind":"complete","transferId":"fe491c27bea722ac7f083f714b628ff8","sha256":"0c636e884cfe933684d960077281ad0fce790021f63dde55c6dd6df74036db98"}');
INSERT INTO entries (position, conversation, mine, number, id, at, storedAt, visible, body) VALUES (9, 1, 1, 5, '7b75f79500f7192fb4afcb09a5fbbb78', 1795163989466, 1795163989466, 1, '{"kind":"text","text":"this waits for you"}');
INSERT INTO transfers (position, id, peer, direction, name, mediaType, sizeBytes, width, height, placeholder, thumbnailPath, path, folder, sourceModifiedAtMs, state, final) VALUES (1, 'fe491c27bea722ac7f083f714b628ff8', '158370e78ed7c828e5f02a1069d660e1c682292287c65d3a9fb28208cd01294b', 'send', 'notes.txt', 'application/octet-stream', 5, NULL, NULL, NULL, NULL, '/home/sara/notes.txt', NULL, 1795163987513.3071, '{"kind":"done","at":1795163989195,"sha256":"0c636e884cfe933684d960077281ad0fce790021f63dde55c6dd6df74036db98"}', 1);
