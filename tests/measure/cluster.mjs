// A PostgreSQL cluster of one's own in a temporary directory, on a free port: what is measured there may hang or be killed.
// Found in PATH, PG_BIN or where Debian puts it; as root it runs as the user `postgres`, because PostgreSQL refuses root.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';
const HOST = '127.0.0.1';
const quietly = { stdio: 'ignore' };

function bin() {
  if (process.env.PG_BIN) return process.env.PG_BIN;
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.length > 0 ? join(DEBIAN, versions[0], 'bin') : '';
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, HOST, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Runs a program of the cluster's as the user that owns it. */
function run(program, args) {
  const path = join(bin(), program);
  const [command, all] = process.getuid() === 0 ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, args];
  execFileSync(command, all, quietly);
}

/** A cluster that runs, with a database `measure`. Durability is off: nothing in it is kept. */
export async function cluster() {
  const home = mkdtempSync('/tmp/aerocall-measure-');
  const [data, log] = [join(home, 'data'), join(home, 'log')];
  if (process.getuid() === 0) {
    chownSync(home, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
  }
  const port = await freePort();
  run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8']);
  const settings = {
    port, listen_addresses: HOST, unix_socket_directories: '', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off',
    jit: 'off', max_parallel_workers_per_gather: 0, autovacuum: 'off', max_wal_senders: 0, wal_level: 'minimal',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  writeFileSync(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  const at = ['-X', '-q', '-A', '-t', '-h', HOST, '-p', String(port)];
  const self = {
    start: () => run('pg_ctl', ['-D', data, '-l', log, '-w', 'start']),
    /** Also ends backends that look for no signal. */
    stop: () => run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']),
    remove() {
      self.stop();
      rmSync(home, { recursive: true });
    },
    /** Rows of a query of the superuser, as lists of columns. */
    rows(sql, database = 'measure') {
      const options = [...at, '-F', '\t', '-U', 'postgres', '-d', database, '-v', 'ON_ERROR_STOP=1', '-f', '-'];
      const answer = execFileSync('psql', options, { input: sql, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
      return answer.toString().split('\n').filter(Boolean).map((line) => line.split('\t'));
    },
    /** A session of another user that answers one statement after the other. */
    session: (user) => new Session([...at, '-U', user, '-d', 'measure']),
  };
  self.start();
  self.rows('CREATE DATABASE measure', 'postgres');
  return self;
}

/** A statement ends with this line. */
const END = '~~~';

class Session {
  #psql;
  #answer = '';
  #errors = '';
  #waiting;

  constructor(options) {
    this.#psql = spawn('psql', options, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#psql.stdin.on('error', () => {});
    this.#psql.stderr.on('data', (data) => {
      this.#errors += data;
    });
    this.#psql.stdout.on('data', (data) => {
      this.#answer += data;
      if (!this.#answer.includes(END)) return;
      const answer = { error: this.#errors };
      [this.#answer, this.#errors] = ['', ''];
      this.#waiting?.(answer);
    });
  }

  /** How long it took, and the error; `late` where there is no answer in time. */
  ask(sql, patience) {
    const started = performance.now();
    const end = (resolve, answer) => {
      this.#waiting = undefined;
      resolve({ ms: performance.now() - started, ...answer });
    };
    return new Promise((resolve) => {
      const timer = setTimeout(() => end(resolve, { late: true, error: '' }), patience);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        end(resolve, answer);
      };
      this.#psql.stdin.write(`${sql};\n\\echo ${END}\n`);
    });
  }

  end() {
    this.#psql.kill('SIGKILL');
  }
}
