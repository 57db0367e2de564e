// The steps that Redis takes as one: each script touches keys of one hash slot only, so that it runs on a Cluster too.
//
//   hamta:peer:{<skeleton>}     hash, one per name; lapses by itself when its owner stays away. After a release it holds the
//                               time of that alone, for a few minutes
//   hamta:{directory}:names     sorted set of sort keys, all scores 0: the order of the pages
//   hamta:{directory}:entries   hash, a field per skeleton: what a page shows of it (directoryText.ts)
//   hamta:{directory}:seenAt    sorted set of skeletons by when they were last seen: what to clear away
//   hamta:classic:…             what course clients left (redisClassic.ts)
//   hamta:rate:{<address>}      hash, one per address that asks much: what it has left; lapses when that is a whole burst again

/** Where the record of a name is. */
export function peerKey(skeleton: string): string {
  return `hamta:peer:{${tagOf(skeleton)}}`;
}

/** Where the records without a key are that would be taken for this name. In the slot of its peerKey. */
export function classicKey(skeleton: string): string {
  return `hamta:classic:{${tagOf(skeleton)}}`;
}

export function classicNamesKey(dialect: string): string {
  return `hamta:{classic:${dialect}}:names`;
}

/** A closing brace would end the tag; an empty one is none, and the keys of one name would fall into two slots. */
function tagOf(skeleton: string): string {
  return skeleton.replaceAll(/[%}]/g, encodeURIComponent);
}

export const NAMES_KEY = 'hamta:{directory}:names';
export const ENTRIES_KEY = 'hamta:{directory}:entries';
export const SEEN_KEY = 'hamta:{directory}:seenAt';

/** What the scripts below are called in the client. */
export const SCRIPT_NAMES = [
  'hamtaRegister',
  'hamtaSignOff',
  'hamtaRelease',
  'hamtaList',
  'hamtaUnlist',
  'hamtaClassicRegister',
  'hamtaClassicList',
  'hamtaSpend',
] as const;

/**
 * Answers the refusal of a claim, with the name and its sort key, else goes on with `held` and `alive`. KEYS: peer.
 * ARGV: now, bindingMs, fingerprint, signedAt.
 */
const REFUSE = `
  local held = redis.call('HMGET', KEYS[1],
    'fingerprint', 'signedAt', 'seenAt', 'name', 'sortKey', 'releasedAt', 'keptUntil')
  local now, bindingMs, signedAt = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
  local alive = held[1] and tonumber(held[3]) + bindingMs > now
  if alive and held[1] ~= ARGV[3] then return {'taken', held[4], held[3]} end
  if alive and tonumber(held[2]) >= signedAt then return {'stale', held[2], held[4], held[5]} end
`;

/**
 * KEYS: peer, classic. More ARGV: fields and values, all that a name has. Answers what it did, and the classic records that it
 * took away. It writes first what Redis refuses when its memory is full: behind any other write that would pass.
 */
export const REGISTER = `${REFUSE}
  local released = held[6] and tonumber(held[7]) >= now
  if released and tonumber(held[6]) >= signedAt then return {'stale', held[6]} end
  redis.call('HSET', KEYS[1], unpack(ARGV, 5))
  if held[6] then redis.call('HDEL', KEYS[1], 'releasedAt', 'keptUntil') end
  redis.call('PEXPIRE', KEYS[1], bindingMs)
  local reply = {alive and 'refreshed' or 'created'}
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do reply[#reply + 1] = field end
  if #reply > 1 then redis.call('DEL', KEYS[2]) end
  return reply
`;

/** No more ARGV. Answers what it did, the name, and its sort key. */
export const SIGN_OFF = `${REFUSE}
  if not alive then return {'unknown'} end
  redis.call('HSET', KEYS[1], 'signedAt', ARGV[4], 'seenAt', ARGV[1], 'leaseUntil', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], bindingMs)
  return {'signedOff', held[4], held[5]}
`;

/** More ARGV: for how long the time of the release is kept. Answers what it did. */
export const RELEASE = `${REFUSE}
  if not alive then return {'unknown'} end
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'releasedAt', ARGV[4], 'keptUntil', now + tonumber(ARGV[5]))
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  return {'released'}
`;

/**
 * Lists a name as its entry says and clears away a few that have lapsed. Of two steps that overtook each other, the one that was
 * signed later stays. KEYS: names, entries, seenAt. ARGV: skeleton, entry, seenAt, lapsed when last seen at, how many at most.
 */
export const LIST = `
  local entry = cjson.decode(ARGV[2])
  local held = redis.call('HGET', KEYS[2], ARGV[1])
  held = held and cjson.decode(held)
  if held and held[3] > entry[3] then return end
  if held and held[1] ~= entry[1] then redis.call('ZREM', KEYS[1], held[1]) end
  redis.call('ZADD', KEYS[1], 0, entry[1])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
  for _, skeleton in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[4], 'LIMIT', 0, ARGV[5])) do
    local lapsed = redis.call('HGET', KEYS[2], skeleton)
    if lapsed then redis.call('ZREM', KEYS[1], cjson.decode(lapsed)[1]) end
    redis.call('HDEL', KEYS[2], skeleton)
    redis.call('ZREM', KEYS[3], skeleton)
  end
`;

/**
 * Takes a name that was released from the directory, unless somebody took it in between. KEYS: names, entries, seenAt.
 * ARGV: skeleton, when the release was signed.
 */
export const UNLIST = `
  local held = redis.call('HGET', KEYS[2], ARGV[1])
  held = held and cjson.decode(held)
  if not held or held[3] > tonumber(ARGV[2]) then return end
  redis.call('ZREM', KEYS[1], held[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
`;

/**
 * Takes from what an address has left, as of all instances; their clocks may differ a little. KEYS: rate. ARGV: now, tokens a
 * second, most tokens, how many were taken. Answers what is left, as text, for it may be a fraction and below nothing.
 */
export const SPEND = `
  local held = redis.call('HMGET', KEYS[1], 'tokens', 'filledAt')
  local now, rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local filledAt = math.max(now, tonumber(held[2] or 0))
  local gained = (filledAt - tonumber(held[2] or now)) * rate / 1000
  local tokens = math.min(burst, tonumber(held[1] or burst) + gained) - tonumber(ARGV[4])
  tokens = math.max(tokens, -burst)
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'filledAt', tostring(filledAt))
  redis.call('PEXPIRE', KEYS[1], math.ceil(1000 * (burst - tokens) / rate) + 1)
  return tostring(tokens)
`;

/**
 * Keeps a record without a key, unless a key has its name. KEYS: peer, classic. ARGV: now, bindingMs, classicMs, field, value
 * (when, a blank, where), 1 when a record that is there must stay. Answers what it did, and that record.
 */
export const CLASSIC_REGISTER = `
  local now = tonumber(ARGV[1])
  local boundAt = redis.call('HGET', KEYS[1], 'seenAt')
  if boundAt and tonumber(boundAt) + tonumber(ARGV[2]) > now then return {'bound'} end
  local held = ARGV[6] == '1' and redis.call('HGET', KEYS[2], ARGV[4])
  if held and tonumber(string.match(held, '^%d+')) + tonumber(ARGV[3]) > now then return {'held', held} end
  redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  return {'registered'}
`;

/**
 * Puts a name at the end of its dialect's list. KEYS: names. ARGV: name, score, lapsed up to this score, how many names at most,
 * how many to clear away at most. Answers which names it cleared away.
 */
export const CLASSIC_LIST = `
  local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  local score = math.max(tonumber(ARGV[2]), tonumber(last[2] or 0) + 1)
  redis.call('ZADD', KEYS[1], string.format('%.0f', score), ARGV[1])
  local fallen = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, ARGV[5])
  local over = math.min(redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4]), tonumber(ARGV[5]))
  if over > #fallen then fallen = redis.call('ZRANGE', KEYS[1], 0, over - 1) end
  if #fallen > 0 then redis.call('ZREM', KEYS[1], unpack(fallen)) end
  return fallen
`;
