using DistTrain.Core;
using DistTrain.Core.Membership;

namespace DistTrain.Cli.Settings;

/// <summary>
/// Checks what a value alone cannot tell: files that must be there, and settings that belong together. All
/// faults are collected, each with the place the value came from.
/// </summary>
/// <param name="settings">Values, each readable as what it should be.</param>
/// <param name="folder">The working folder, from which relative paths are meant.</param>
internal sealed class SettingChecks(EffectiveSettings settings, string folder)
{
    private readonly List<string> _problems = [];

    /// <exception cref="UserFaultException">Something is wrong; one line each.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new UserFaultException(_problems);
        }
    }

    /// <summary>The full path of a file that can be read; null: not set, or a problem.</summary>
    public string? ReadableFile(Setting<string> setting)
    {
        if (settings.Find(setting) is not { } given)
        {
            return null;
        }

        string path = Path.GetFullPath(given, folder);
        try
        {
            using FileStream file = File.OpenRead(path);
            return path;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Add(setting, $"{path}: there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Add(setting, Directory.Exists(path) ? $"{path} is a folder" : $"{path} cannot be read");
        }

        return null;
    }

    /// <summary>The full path of a folder that is there; null: not set, or a problem.</summary>
    public string? Folder(Setting<string> setting)
    {
        if (settings.Find(setting) is not { } given)
        {
            return null;
        }

        string path = Path.GetFullPath(given, folder);
        if (!Directory.Exists(path))
        {
            Add(setting, $"{path}: there is no such folder");
        }

        return path;
    }

    /// <summary>The full path of a folder that is there or can be made.</summary>
    public string FolderToBe(Setting<string> setting)
    {
        string path = Path.GetFullPath(settings.Get(setting), folder);
        if (File.Exists(path))
        {
            Add(setting, $"{path} is a file, where a folder must be");
        }

        return path;
    }

    /// <summary>The shared token, from the stronger of its two settings; null: none, or a problem.</summary>
    public string? Token()
    {
        SettingValue direct = settings[SettingTable.Token], file = settings[SettingTable.TokenFile];
        if (direct.Text is not null && direct.Level == file.Level)
        {
            Add(SettingTable.Token, $"{file.Source} gives a token too; leave one of them out");
            return null;
        }

        if (direct.Level > file.Level)
        {
            return settings.Get(SettingTable.Token);
        }

        return ReadableFile(SettingTable.TokenFile) is { } path
            ? TokenFile.Read(path, text => Add(SettingTable.TokenFile, text))
            : null;
    }

    /// <summary>Certificate and key; null: neither is set, or a problem.</summary>
    public Nodes.TlsFiles? Tls()
    {
        string? certificate = ReadableFile(SettingTable.TlsCert), key = ReadableFile(SettingTable.TlsKey);
        foreach ((Setting<string> given, Setting<string> missing) in ((Setting<string>, Setting<string>)[])
            [(SettingTable.TlsCert, SettingTable.TlsKey), (SettingTable.TlsKey, SettingTable.TlsCert)])
        {
            if (settings.IsSet(given) && !settings.IsSet(missing))
            {
                Add(given, $"goes together with {missing.Name}, which is not set");
            }
        }

        return certificate is not null && key is not null ? new Nodes.TlsFiles(certificate, key) : null;
    }

    public FailureDetectorOptions Timing()
    {
        var timing = new FailureDetectorOptions
        {
            HeartbeatEvery = settings.Get(SettingTable.Heartbeat),
            SuspectAfter = settings.Get(SettingTable.SuspectAfter),
            RemoveAfter = settings.Get(SettingTable.RemoveAfter),
        };
        MustExceed(SettingTable.SuspectAfter, SettingTable.Heartbeat);
        MustExceed(SettingTable.RemoveAfter, SettingTable.SuspectAfter);
        return timing;
    }

    /// <summary>The one device of a worker: "cpu" or "cuda:N".</summary>
    public string OneDevice()
    {
        string device = settings.Get(SettingTable.Device);
        if (device.Contains(',', StringComparison.Ordinal))
        {
            Add(SettingTable.Device,
                $"{device}: a worker computes on one device; start a worker for each of them");
        }

        return device;
    }

    /// <summary>Called where nobody is asked for a token.</summary>
    public void LoopbackOnly(Setting<NodeAddress> setting, NodeAddress address)
    {
        if (!address.IsLoopback)
        {
            Add(setting, $"{address} lets others on the network in, and there is no token; give one with "
                + "--token-file, or say --insecure");
        }
    }

    private void MustExceed(Setting<TimeSpan> longer, Setting<TimeSpan> shorter)
    {
        if (settings.Get(longer) <= settings.Get(shorter))
        {
            // The place to point at is the one that somebody wrote.
            Setting at = settings[longer].Level >= settings[shorter].Level ? longer : shorter;
            Add(at, $"{longer.Name} ({settings[longer].Text}) must be more than {shorter.Name} "
                + $"({settings[shorter].Text})");
        }
    }

    /// <summary>Notes a problem with a setting.</summary>
    public void Add(Setting setting, string what) => _problems.Add($"{settings[setting].Source}: {what}");
}
