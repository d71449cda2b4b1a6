#!/bin/bash
# Says by its exit code whether the node of this container is well. Which node it is stands in the command
# line of the container's first process.
#   coordinator  its API says that it takes jobs (with TLS: its port answers)
#   worker       it has a link to a coordinator; the worker itself gives up a link that is silent
set -u
mapfile -d '' -t command < /proc/1/cmdline
case " ${command[*]} " in
  *" coordinator "*)
    port=${DISTTRAIN_HTTP##*:}
    exec 3<> "/dev/tcp/127.0.0.1/$port" || exit 1
    [ -n "${DISTTRAIN_TLS_CERT:-}" ] && exit 0
    printf 'GET /healthz/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    read -r -t 4 -u 3 _ status _ && [ "$status" = 200 ]
    ;;
  *" worker "*)
    # Columns of /proc/net/tcp: number, local address, remote address, state (01: established).
    port=$(printf ':%04X' "${DISTTRAIN_COORDINATOR##*:}")
    while read -r _ _ remote state _; do
      [ "$state" = 01 ] && [ "${remote: -5}" = "$port" ] && exit 0
    done < <(cat /proc/1/net/tcp /proc/1/net/tcp6 2>/dev/null)
    exit 1
    ;;
  *) exit 0 ;;
esac
