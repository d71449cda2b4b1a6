using System.CommandLine;
using DistTrain.Core;
using DistTrain.Data.Verification;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain data verify PATH</c>.</summary>
internal static class DataVerifyCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Folder of a data set." };
        var command = new Command(
            "verify", "Read a data set to its end; say what it holds and what is wrong.")
        {
            path,
        };
        command.SetAction((parsed, cancellation) =>
        {
            Print(DatasetVerifier.Verify(parsed.GetValue(path)!, cancellation));
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Print(DatasetReport report)
    {
        Console.Out.WriteLine($"{report.Folder}: {report.Name}");
        foreach (FileReport file in report.Files)
        {
            Console.Out.WriteLine($"  {file.Name,-32} {file.Bytes,12:N0} bytes  {StatusOf(file)}");
        }
        foreach (SplitReport split in report.Splits)
        {
            string perClass = string.Join(' ', split.ClassCounts);
            Console.Out.WriteLine(
                $"  {split.Name,-6} {split.Count,7:N0} samples of {split.Shape}; per class {perClass}");
        }
        if (!report.IsSound)
        {
            throw new UserFaultException(report.Faults);
        }
        Console.Out.WriteLine($"  content sha256 {report.ContentHash}");
    }

    private static string StatusOf(FileReport file) => file.Status switch
    {
        ChecksumStatus.Matches => "the published file",
        ChecksumStatus.Differs => "not the published file, byte for byte",
        _ => "no published checksum",
    };
}
