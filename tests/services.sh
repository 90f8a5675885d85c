#!/usr/bin/env bash
# Starts the services that the tests use over real connections, where they do not run yet: PostgreSQL on 5432 (trust on
# loopback), Redis on 6379, RabbitMQ on 5672 (guest). As root on Debian; elsewhere it says what is missing.
set -uo pipefail

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_for NAME PORT
wait_for() {
  for _ in $(seq 60); do
    listens "$2" && return 0
    sleep 1
  done
  echo "missing: $1 on 127.0.0.1:$2; its tests are skipped, and fail where CI is set" >&2
}

install() {
  [ "$(id -u)" = 0 ] && { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null || true
}

if ! listens 5432; then
  command -v pg_ctlcluster >/dev/null || install postgresql
  for hba in /etc/postgresql/*/main/pg_hba.conf; do
    # Whoever is on this machine is trusted: the tests make and drop databases of their own.
    [ -w "$hba" ] && sed -i -E 's/^(host +all +all +(127\.0\.0\.1\/32|::1\/128) +).*/\1trust/' "$hba"
    pg_ctlcluster --skip-systemctl-redirect "$(basename "$(dirname "$(dirname "$hba")")")" main start
  done
fi
if ! listens 6379; then
  command -v redis-server >/dev/null || install redis-server
  redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save '' --appendonly no >/dev/null
fi
if ! listens 5672; then
  command -v rabbitmq-server >/dev/null || install rabbitmq-server
  rabbitmq-server -detached >/dev/null 2>&1
fi
# The tests start these themselves, as they do with further ones of the three above.
command -v sqlite3 >/dev/null || install sqlite3
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || install pgbouncer
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || install nginx
command -v faketime >/dev/null || install faketime
command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] || install haproxy
wait_for PostgreSQL 5432
wait_for Redis 6379
wait_for RabbitMQ 5672
# In CI nothing outlives the machine: databases that are made and dropped by the hundred need not wait for its disk.
if [ -n "${CI:-}" ] && command -v psql >/dev/null; then
  psql -qh 127.0.0.1 -U postgres -c 'ALTER SYSTEM SET fsync = off' -c 'ALTER SYSTEM SET full_page_writes = off' \
    -c 'SELECT pg_reload_conf()' >/dev/null || true
fi
exit 0
