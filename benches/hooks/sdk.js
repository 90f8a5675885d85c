// Makes one kind of SDK call as often as the payload says; 0 times for what the rest of the call costs.
const calls = {
  nothing: async () => {},
  'cache.get': async (A) => A.cache.get('key'),
  'cache.set': async (A) => A.cache.set('key', { n: 1 }),
  'cache.increment': async (A) => A.cache.increment('n'),
  'db.query': async (A) => A.db.query('SELECT id, name FROM things WHERE id = $1', [1]),
  'db.execute': async (A, n) => A.db.execute('INSERT INTO log (n) VALUES ($1)', [n]),
  'queue.enqueue': async (A, n) => A.Queue.enqueue('jobs', { n }),
  'auth.getUser': async (A) => A.auth.getUser('usr_bench'),
  'secrets.get': async (A) => A.secrets.get('key').catch(() => null),
};

export const beforeSignup = async (context, payload, Aerocall) => {
  const call = calls[payload.call];
  for (let n = 0; n < payload.times; n++) await call(Aerocall, n);
};
