#!/bin/sh
# The build program is written in C#: see build/build.cs, or ./build.sh --help.
PATH="$PATH:${DOTNET_ROOT:-$HOME/.dotnet}" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export PATH DOTNET_NOLOGO DOTNET_CLI_TELEMETRY_OPTOUT
dotnet --list-sdks 2>/dev/null | grep -Eq '^[1-9][0-9]+\.' || {
  echo "build.sh: no .NET 10 SDK here; get one at https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 2
}
exec dotnet run "$(dirname "$0")/build/build.cs" -- "$@"
