#!/bin/bash
# What the run-time images have in common: what .NET needs, a user without rights, and its folders.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends libssl3 ca-certificates
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/*
groupadd --gid 10001 disttrain
useradd --uid 10001 --gid 10001 --home-dir /var/lib/disttrain --shell /usr/sbin/nologin disttrain
install -d -o 10001 -g 10001 /var/lib/disttrain /var/lib/disttrain/state /var/lib/disttrain/cache
ln -s ../share/dotnet/dotnet /usr/bin/dotnet
ln -s /opt/disttrain/disttrain /usr/bin/disttrain
