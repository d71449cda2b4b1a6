using System.CommandLine;

namespace DistTrain.Cli.Commands;

internal static class DataCommand
{
    public static Command Create() => new("data", "List, download and verify data sets.");
}
