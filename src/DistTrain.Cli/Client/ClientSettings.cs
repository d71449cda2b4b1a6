using DistTrain.Api;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Client;

/// <summary>What a command that talks to a coordinator was told, checked.</summary>
internal sealed record ClientSettings
{
    public required Uri Server { get; init; }

    /// <summary>null: the coordinator asks for none.</summary>
    public string? Token { get; init; }

    /// <summary>Certificates to trust, a PEM file by its full path; null: those the system trusts.</summary>
    public string? TlsCaPath { get; init; }

    /// <summary>Is told when the connection is lost while a job is watched, and when it is back.</summary>
    public Action<string> Notice { get; init; } = _ => { };

    /// <exception cref="Core.UserFaultException">One line for everything that is wrong.</exception>
    public static ClientSettings From(EffectiveSettings settings, string folder)
    {
        var checks = new SettingChecks(settings, folder);
        var client = new ClientSettings
        {
            Server = settings.Get(SettingTable.Server),
            Token = checks.Token(),
            TlsCaPath = checks.ReadableFile(SettingTable.TlsCa),
        };
        checks.ThrowIfAny();
        return client;
    }
}

/// <summary>Opens the way to a coordinator over HTTP.</summary>
internal static class ClusterConnection
{
    public static IClusterControl Open(ClientSettings settings) => new ClusterClient(new ClusterClientOptions
    {
        Server = settings.Server,
        Token = settings.Token,
        CaFile = settings.TlsCaPath,
        Notice = settings.Notice,
    });
}
