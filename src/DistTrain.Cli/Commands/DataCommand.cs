using System.CommandLine;
using System.Globalization;
using DistTrain.Core;
using DistTrain.Data.Catalog;
using DistTrain.Data.Downloads;
using DistTrain.Data.Loading;
using DistTrain.Data.Verification;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain data list | get NAME | verify PATH</c>.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "List, download and verify data sets.") { List(), Get(), Verify() };

    private static Command List()
    {
        var command = new Command("list", "The data sets known by name, and where they were found.");
        command.SetAction(_ =>
        {
            DatasetPlaces places = DatasetPlaces.FromEnvironment();
            foreach (DatasetInfo set in DatasetCatalog.All)
            {
                string where = set.Files.Count == 0
                    ? "made on the spot"
                    : DatasetLocator.TryFind(set.Name, null, places) ?? $"not here; disttrain data get {set.Name}";
                Console.Out.WriteLine($"{set.Name,-14} {set.Description}");
                Console.Out.WriteLine(
                    $"{"",-14} {set.TrainingCount:N0} + {set.TestCount:N0} samples of {set.Shape}, {set.Classes} classes"
                    + (set.Files.Count == 0 ? "" : $", {set.DownloadBytes / 1e6:F1} MB, licence: {set.Licence}"));
                Console.Out.WriteLine($"{"",-14} {where}");
            }
        });
        return command;
    }

    private static Command Get()
    {
        var name = new Argument<string>("NAME") { Description = "mnist, fashion-mnist or cifar10." };
        var into = new Option<string?>("--data") { Description = "Folder to put the set's folder in [the cache].", HelpName = "DIR" };
        var mirror = new Option<Uri?>("--mirror")
        {
            Description = "Fetch from this address instead of the public homes; the checksums stay the same.",
            HelpName = "URL",
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address)
                    && address.Scheme is "http" or "https")
                {
                    return address;
                }
                result.AddError($"--mirror: {result.Tokens[0].Value} is not an http or https address");
                return null;
            },
        };
        var command = new Command("get", "Download a data set; goes on where an earlier attempt was cut.") { name, into, mirror };
        command.SetAction(async (parsed, cancellation) =>
        {
            DatasetInfo set = Known(parsed.GetValue(name)!);
            if (parsed.GetValue(mirror) is { } address)
            {
                set = set with { Files = [.. set.Files.Select(file => file with { Mirrors = [new Uri(address, file.Name)] })] };
            }
            string folder = parsed.GetValue(into) ?? DatasetPlaces.FromEnvironment().CacheFolder;
            using var interrupts = new Training.Interrupts(
                _ => Console.Error.WriteLine("stopping; the same command goes on from here"));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, interrupts.Token);
            using var client = new HttpClient();
            try
            {
                DownloadedDataset done = await new DatasetDownloader(client).GetAsync(set, folder, new ProgressLine(), stop.Token);
                foreach (DownloadedFile file in done.Files)
                {
                    Console.Out.WriteLine($"{file.Name}  {file.Bytes:N0} bytes{(file.WasThere ? ", was there already" : "")}");
                }
                Console.Out.WriteLine(done.Folder);
                return 0;
            }
            catch (OperationCanceledException) when (interrupts.ExitCode != 0)
            {
                return interrupts.ExitCode;
            }
        });
        return command;
    }

    private static Command Verify()
    {
        var path = new Argument<string>("PATH") { Description = "Folder of a data set." };
        var command = new Command("verify", "Read a data set to its end; say what it holds and what is wrong.") { path };
        command.SetAction((parsed, cancellation) =>
        {
            DatasetReport report = DatasetVerifier.Verify(parsed.GetValue(path)!, cancellation);
            Console.Out.WriteLine($"{report.Folder}: {report.Name}");
            foreach (FileReport file in report.Files)
            {
                string status = file.Status switch
                {
                    ChecksumStatus.Matches => "the published file",
                    ChecksumStatus.Differs => "not the published file, byte for byte",
                    _ => "no published checksum",
                };
                Console.Out.WriteLine($"  {file.Name,-32} {file.Bytes,12:N0} bytes  {status}");
            }
            foreach (SplitReport split in report.Splits)
            {
                Console.Out.WriteLine(
                    $"  {split.Name,-6} {split.Count,7:N0} samples of {split.Shape}; per class {string.Join(' ', split.ClassCounts)}");
            }
            if (!report.IsSound)
            {
                throw new UserFaultException(report.Faults);
            }
            Console.Out.WriteLine($"  content sha256 {report.ContentHash}");
            return Task.FromResult(0);
        });
        return command;
    }

    private static DatasetInfo Known(string name)
    {
        DatasetInfo set = DatasetCatalog.Find(name) ?? throw new UserFaultException(
            $"data get: there is no data set \"{name}\"; known are {string.Join(", ", DatasetCatalog.All.Select(known => known.Name))}");
        return set.Files.Count > 0
            ? set
            : throw new UserFaultException($"data get: {name} is made by the program; there is nothing to download");
    }

    /// <summary>How far a download is: one line that is drawn over on a terminal, one line in ten percent elsewhere.</summary>
    private sealed class ProgressLine : IProgress<DownloadProgress>
    {
        private readonly bool _terminal = !Console.IsErrorRedirected;
        private (string File, int Mark) _said;

        public void Report(DownloadProgress value)
        {
            int percent = value.TotalBytes > 0 ? (int)(100 * value.Bytes / value.TotalBytes) : 0;
            (string, int) mark = (value.File, _terminal ? percent : percent / 10);
            if (mark == _said)
            {
                return;
            }
            _said = mark;
            string text = string.Create(CultureInfo.InvariantCulture,
                $"{value.File}  {percent,3} %  {value.Bytes / 1e6:F1} of {value.TotalBytes / 1e6:F1} MB  {value.BytesPerSecond / 1e6:F1} MB/s");
            if (_terminal)
            {
                Console.Error.Write($"\r{text}   {(value.Bytes == value.TotalBytes ? Environment.NewLine : "")}");
            }
            else
            {
                Console.Error.WriteLine(text);
            }
        }
    }
}
