using System.CommandLine;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain data list | get NAME | verify PATH</c>.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "List, download and verify data sets.")
    {
        DataListCommand.Create(),
        DataGetCommand.Create(),
        DataVerifyCommand.Create(),
    };
}
