# The build program is written in C#: see build/build.cs, or ./build.ps1 --help.
$env:DOTNET_NOLOGO = '1'; $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
if (-not ((dotnet --list-sdks 2>$null) -match '^[1-9][0-9]+\.')) {
    [Console]::Error.WriteLine('no .NET 10 SDK here; get one at https://dotnet.microsoft.com/download/dotnet/10.0')
    exit 2
}
dotnet run (Join-Path $PSScriptRoot 'build/build.cs') -- @args
exit $LASTEXITCODE
