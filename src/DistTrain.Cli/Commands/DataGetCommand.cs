using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DistTrain.Cli.Training;
using DistTrain.Core;
using DistTrain.Data.Catalog;
using DistTrain.Data.Downloads;
using DistTrain.Data.Loading;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain data get NAME</c>.</summary>
internal static class DataGetCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "mnist, fashion-mnist or cifar10." };
        var into = new Option<string?>("--data")
        {
            Description = "Folder to put the set's folder in [the cache].",
            HelpName = "DIR",
        };
        var mirror = new Option<Uri?>("--mirror")
        {
            Description = "Fetch from this address instead of the public homes; the checksums stay the same.",
            HelpName = "URL",
            CustomParser = ParseAddress,
        };
        var command = new Command("get", "Download a data set; goes on where an earlier attempt was cut.")
        {
            name, into, mirror,
        };
        command.SetAction((parsed, cancellation) => GetAsync(
            At(Known(parsed.GetValue(name)!), parsed.GetValue(mirror)),
            parsed.GetValue(into) ?? DatasetPlaces.FromEnvironment().CacheFolder, cancellation));
        return command;
    }

    private static async Task<int> GetAsync(DatasetInfo set, string folder, CancellationToken cancellation)
    {
        using var interrupts = new Interrupts(
            _ => Console.Error.WriteLine("stopping; the same command goes on from here"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, interrupts.Token);
        using var client = new HttpClient();
        try
        {
            DownloadedDataset done = await new DatasetDownloader(client).GetAsync(
                set, folder, new ProgressLine(), stop.Token);
            foreach (DownloadedFile file in done.Files)
            {
                string wasThere = file.WasThere ? ", was there already" : "";
                Console.Out.WriteLine($"{file.Name}  {file.Bytes:N0} bytes{wasThere}");
            }
            Console.Out.WriteLine(done.Folder);
            return 0;
        }
        catch (OperationCanceledException) when (interrupts.ExitCode != 0)
        {
            return interrupts.ExitCode;
        }
    }

    private static DatasetInfo Known(string name)
    {
        DatasetInfo set = DatasetCatalog.Find(name) ?? throw new UserFaultException(
            $"data get: there is no data set \"{name}\"; known are "
            + string.Join(", ", DatasetCatalog.All.Select(known => known.Name)));
        return set.Files.Count > 0
            ? set
            : throw new UserFaultException(
                $"data get: {name} is made by the program; there is nothing to download");
    }

    private static DatasetInfo At(DatasetInfo set, Uri? mirror)
        => mirror is null
            ? set
            : set with
            {
                Files = [.. set.Files.Select(file => file with { Mirrors = [new Uri(mirror, file.Name)] })],
            };

    private static Uri? ParseAddress(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address)
            && address.Scheme is "http" or "https")
        {
            return address;
        }
        result.AddError($"--mirror: {text} is not an http or https address");
        return null;
    }

    /// <summary>
    /// How far a download is: one line drawn over on a terminal, a line every ten percent elsewhere.
    /// </summary>
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
                $"{value.File}  {percent,3} %  {value.Bytes / 1e6:F1} of {value.TotalBytes / 1e6:F1} MB  "
                + $"{value.BytesPerSecond / 1e6:F1} MB/s");
            if (_terminal)
            {
                string end = value.Bytes == value.TotalBytes ? Environment.NewLine : "";
                Console.Error.Write($"\r{text}   {end}");
            }
            else
            {
                Console.Error.WriteLine(text);
            }
        }
    }
}
