using System.CommandLine;
using DistTrain.Data.Catalog;
using DistTrain.Data.Loading;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain data list</c>.</summary>
internal static class DataListCommand
{
    private const int Indent = 14;

    public static Command Create()
    {
        var command = new Command("list", "The data sets known by name, and where they were found.");
        command.SetAction(_ =>
        {
            DatasetPlaces places = DatasetPlaces.FromEnvironment();
            foreach (DatasetInfo set in DatasetCatalog.All)
            {
                Console.Out.WriteLine($"{set.Name,-Indent} {set.Description}");
                Console.Out.WriteLine($"{"",-Indent} {SizeOf(set)}");
                Console.Out.WriteLine($"{"",-Indent} {PlaceOf(set, places)}");
            }
        });
        return command;
    }

    private static string SizeOf(DatasetInfo set)
    {
        string samples = $"{set.TrainingCount:N0} + {set.TestCount:N0} samples of {set.Shape}";
        string download = set.Files.Count == 0
            ? ""
            : $", {set.DownloadBytes / 1e6:F1} MB, licence: {set.Licence}";
        return $"{samples}, {set.Classes} classes{download}";
    }

    private static string PlaceOf(DatasetInfo set, DatasetPlaces places)
        => set.Files.Count == 0
            ? "made on the spot"
            : DatasetLocator.TryFind(set.Name, null, places) ?? $"not here; disttrain data get {set.Name}";
}
