//! The cache of one project in Redis: every write goes through one script, which counts what the project has there and makes
//! room among its own entries. So nothing is ever written beyond the budget, however many servers write.
//!
//! Beside the values there are two keys of a project: the sizes of its entries by key (the sum under the empty one), and when
//! each ends. Where room is needed, what would end first goes first. Every entry ends: one without a time to live of its own
//! 30 days after it was last written.

use std::sync::LazyLock;

use deadpool_redis::redis::Script;

/// What an entry costs besides its value and three times its key: Redis' own book-keeping.
const OVERHEAD_BYTES: u64 = 300;
/// Of an entry that is given no time.
pub(super) const LONGEST_MS: u128 = 30 * 86_400_000;
/// What errors of the script begin with.
pub(super) const TOO_LARGE: &str = "TOOLARGE";

/// What a write does with an entry that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    /// Replaces it.
    Set,
    /// Leaves it. `1` if there was none.
    SetIfAbsent,
    /// Adds to it, and leaves it its time. The sum.
    Increment,
}

impl Write {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::SetIfAbsent => "absent",
            Self::Increment => "increment",
        }
    }
}

/// What both scripts begin with. `KEYS`: the value, the sizes, the ends.
const COUNTING: &str = r"
    local function forget(key)
      local size = redis.call('HGET', KEYS[2], key)
      if size then
        redis.call('HDEL', KEYS[2], key)
        redis.call('HINCRBY', KEYS[2], '', -size)
      end
      redis.call('ZREM', KEYS[3], key)
    end
";

/// `ARGV`: what to do, the value, its milliseconds, the bytes of the project, the overhead, milliseconds of the two keys.
/// Numbers are texts wherever they may have 64 bits: those of Lua have 53.
const WRITING: &str = r"
    local key, verb, value = KEYS[1], ARGV[1], ARGV[2]
    local life, budget, overhead, kept = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if verb ~= 'set' and redis.call('EXISTS', key) == 1 then
      if verb == 'absent' then return '0' end
      redis.call('INCRBY', key, value)
      return redis.call('GET', key)
    end
    local size = #value + 3 * #key + overhead
    if size > budget then return redis.error_reply('TOOLARGE the entry is larger than the budget') end
    for _, ended in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)) do forget(ended) end
    forget(key)
    local sum = tonumber(redis.call('HGET', KEYS[2], '') or 0)
    while sum + size > budget do
      local first = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
      if not first then
        redis.call('DEL', KEYS[2])
        break
      end
      redis.call('DEL', first)
      forget(first)
      sum = tonumber(redis.call('HGET', KEYS[2], '') or 0)
    end
    redis.call('SET', key, value, 'PX', life)
    redis.call('HSET', KEYS[2], key, size)
    redis.call('HINCRBY', KEYS[2], '', size)
    redis.call('ZADD', KEYS[3], now + life, key)
    redis.call('PEXPIRE', KEYS[2], kept)
    redis.call('PEXPIRE', KEYS[3], kept)
    if verb == 'increment' then return value end
    return '1'
";

const DELETING: &str = r"
    forget(KEYS[1])
    if redis.call('ZCARD', KEYS[3]) == 0 then redis.call('DEL', KEYS[2]) end
    return redis.call('DEL', KEYS[1])
";

static WRITE: LazyLock<Script> = LazyLock::new(|| Script::new(&format!("{COUNTING}{WRITING}")));
static DELETE: LazyLock<Script> = LazyLock::new(|| Script::new(&format!("{COUNTING}{DELETING}")));

/// The keys of an entry and of its project's counts.
pub(super) struct Keys {
    pub(super) value: String,
    pub(super) sizes: String,
    pub(super) ends: String,
}

/// A write of one value.
pub(super) fn write<'a>(
    keys: &'a Keys,
    verb: Write,
    value: &'a str,
    life_ms: u128,
    budget: u64,
) -> deadpool_redis::redis::ScriptInvocation<'a> {
    let mut script = WRITE.key(keys.value.as_str());
    script.key(keys.sizes.as_str()).key(keys.ends.as_str());
    script
        .arg(verb.name())
        .arg(value)
        .arg(life_ms.to_string())
        .arg(budget)
        .arg(OVERHEAD_BYTES)
        .arg((LONGEST_MS * 2).to_string());
    script
}

/// A deletion.
pub(super) fn delete(keys: &Keys) -> deadpool_redis::redis::ScriptInvocation<'_> {
    let mut script = DELETE.key(keys.value.as_str());
    script.key(keys.sizes.as_str()).key(keys.ends.as_str());
    script
}
