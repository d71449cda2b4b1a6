using System.Reflection;

namespace DistTrain.Cli;

/// <summary>The version of this program, as links, metrics and people are told it.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
