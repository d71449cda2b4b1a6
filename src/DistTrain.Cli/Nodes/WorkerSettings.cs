using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Nodes;

/// <summary>What a worker was told, checked.</summary>
internal sealed record WorkerSettings
{
    public required NodeAddress Coordinator { get; init; }

    /// <summary>"cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>Wait while the device is not there, instead of ending.</summary>
    public bool WaitForDevice { get; init; }

    /// <summary>One of <see cref="Engines.ProgramEngine.Names"/>.</summary>
    public string Engine { get; init; } = Engines.ProgramEngine.LibTorch;

    /// <summary>Cores the process may take; null: all.</summary>
    public int? Threads { get; init; }

    /// <summary>Folder of data sets' folders; null: the cache alone.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>null: the coordinator asks for none.</summary>
    public string? Token { get; init; }

    /// <summary>Certificates to trust, a PEM file by its full path; null: no TLS.</summary>
    public string? TlsCaPath { get; init; }

    /// <summary>Where it serves its own metrics; null: nowhere.</summary>
    public NodeAddress? Metrics { get; init; }

    /// <summary>Who may read them.</summary>
    public MetricsAccess MetricsAccess { get; init; }

    /// <summary>null: no Akka.NET.</summary>
    public AkkaSettings? Akka { get; init; }

    /// <exception cref="Core.UserFaultException">One line for everything that is wrong.</exception>
    public static WorkerSettings From(EffectiveSettings settings, string folder)
    {
        var checks = new SettingChecks(settings, folder);
        var worker = new WorkerSettings
        {
            Coordinator = settings.Get(SettingTable.Coordinator),
            Device = checks.OneDevice(),
            WaitForDevice = settings.Get(SettingTable.WaitForDevice),
            Engine = settings.Get(SettingTable.Engine),
            Threads = settings.IsSet(SettingTable.Threads) ? settings.Get(SettingTable.Threads) : null,
            DataFolder = checks.Folder(SettingTable.Data),
            Name = settings.Find(SettingTable.Name) ?? NameOfThisProcess(),
            Token = checks.Token(),
            TlsCaPath = checks.ReadableFile(SettingTable.TlsCa),
            Metrics = settings.IsSet(SettingTable.Metrics) ? settings.Get(SettingTable.Metrics) : null,
            MetricsAccess = settings.Get(SettingTable.MetricsAccess),
            Akka = AkkaSettings.From(settings, checks, founds: false),
        };
        checks.ThrowIfAny();
        return worker;
    }

    /// <summary>Two workers of one machine must not take each other's place.</summary>
    private static string NameOfThisProcess()
    {
        const int Longest = 40;
        string host = string.Concat(Environment.MachineName.Take(Longest)
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-'));
        return $"{host.TrimStart('-', '.')}-{Environment.ProcessId}".TrimStart('-');
    }
}
