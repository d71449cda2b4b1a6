using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Terminal;

namespace DistTrain.Cli;

/// <summary>What commands touch of the world around them; a test hands in a world of its own.</summary>
internal sealed record CommandContext
{
    /// <summary>Results go here.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Everything else goes here.</summary>
    public required TextWriter Errors { get; init; }

    /// <summary>How tables on <see cref="Output"/> may look.</summary>
    public required TextLook Look { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The working folder.</summary>
    public required string Folder { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Opens the way to a coordinator.</summary>
    public required Func<ClientSettings, IClusterControl> Connect { get; init; }

    /// <summary>Runs nodes.</summary>
    public required INodeLauncher Nodes { get; init; }

    /// <summary>The view that shows a watched run: whether quiet, and the clock it goes by.</summary>
    public required Func<bool, TimeProvider, IRunView> OpenView { get; init; }

    /// <summary>Opens what a shell reads its commands from; null: the keys of a terminal.</summary>
    public Func<TextReader?> OpenScript { get; init; } = () => null;

    /// <summary>The command is given at a shell's prompt.</summary>
    public bool IsShell { get; init; }

    /// <summary>Flags that hold for every command of a shell; a command's own are stronger.</summary>
    public IReadOnlyDictionary<Setting, string> ShellFlags { get; init; } =
        new Dictionary<Setting, string>();

    /// <summary>The <c>--settings</c> of the shell a command is given at.</summary>
    public string? ShellSettingsFile { get; init; }

    /// <summary>Names to complete an argument with, as the shell learns them; elsewhere none.</summary>
    public Func<NameKind, IEnumerable<string>> KnownNames { get; init; } = _ => [];

    /// <summary>The process's own world.</summary>
    public static CommandContext OfProcess() => new()
    {
        Output = Console.Out,
        Errors = Console.Error,
        Look = TextLook.OfOutput(Environment.GetEnvironmentVariable),
        OpenScript = () => Console.IsInputRedirected ? Console.In : null,
        Variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal),
        Folder = Directory.GetCurrentDirectory(),
        Time = TimeProvider.System,
        Connect = ClusterConnection.Open,
        Nodes = new NodeLauncher(),
        OpenView = TerminalRunObserver.OpenView,
    };
}

/// <summary>What a command's argument names.</summary>
internal enum NameKind { Job, Node }
