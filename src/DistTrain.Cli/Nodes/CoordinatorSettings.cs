using DistTrain.Cli.Settings;
using DistTrain.Core.Membership;

namespace DistTrain.Cli.Nodes;

/// <summary>What a coordinator was told, checked.</summary>
internal sealed record CoordinatorSettings
{
    /// <summary>Where workers connect; port 0: any free one.</summary>
    public required NodeAddress Listen { get; init; }

    /// <summary>Where the API is served; port 0: any free one.</summary>
    public required NodeAddress Http { get; init; }

    /// <summary>Full path; need not be there yet.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Folder of data sets' folders; null: the cache alone.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Shared with workers and clients; null: none is asked for.</summary>
    public string? Token { get; init; }

    /// <summary>null: no TLS, on neither port.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Others on the network may connect without a token.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Who may read /metrics.</summary>
    public MetricsAccess MetricsAccess { get; init; }

    public required FailureDetectorOptions Timing { get; init; }

    /// <summary>null: no Akka.NET.</summary>
    public AkkaSettings? Akka { get; init; }

    /// <exception cref="Core.UserFaultException">One line for everything that is wrong.</exception>
    public static CoordinatorSettings From(EffectiveSettings settings, string folder)
    {
        var checks = new SettingChecks(settings, folder);
        var coordinator = new CoordinatorSettings
        {
            Listen = settings.Get(SettingTable.Listen),
            Http = settings.Get(SettingTable.Http),
            StateFolder = checks.FolderToBe(SettingTable.State),
            DataFolder = checks.Folder(SettingTable.Data),
            Token = checks.Token(),
            Tls = checks.Tls(),
            IsInsecure = settings.Get(SettingTable.Insecure),
            MetricsAccess = settings.Get(SettingTable.MetricsAccess),
            Timing = checks.Timing(),
            Akka = AkkaSettings.From(settings, checks, founds: true),
        };
        if (coordinator is { Akka.IsOpen: true, Listen.IsLoopback: true })
        {
            checks.Add(SettingTable.Listen, $"workers are sent to {coordinator.Akka.Host} (--akka-host), "
                + $"and {coordinator.Listen} listens to this machine alone");
        }

        if (coordinator is { Token: null, IsInsecure: false })
        {
            checks.LoopbackOnly(SettingTable.Listen, coordinator.Listen);
            checks.LoopbackOnly(SettingTable.Http, coordinator.Http);
        }

        checks.ThrowIfAny();
        return coordinator;
    }
}

/// <summary>A certificate and its private key, each a PEM file by its full path.</summary>
internal sealed record TlsFiles(string CertificatePath, string KeyPath);
