using System.Security.Cryptography;
using DistTrain.Core;
using DistTrain.Data.Catalog;
using DistTrain.Data.Images;
using DistTrain.Data.Loading;

namespace DistTrain.Data.Verification;

/// <summary>Reads a data set's folder to the end and says what it holds and what is wrong with it.</summary>
public static class DatasetVerifier
{
    private const int Classes = 10;

    /// <param name="path">A folder with IDX or CIFAR-10 files.</param>
    /// <exception cref="UserFaultException">There is no such folder, or it holds no data set.</exception>
    public static DatasetReport Verify(string path, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(path))
        {
            throw new UserFaultException($"{path}: there is no such folder");
        }

        bool cifar = Cifar10Folder.IsOne(path);
        if (!cifar && !IdxFolder.IsOne(path))
        {
            throw new UserFaultException(
                $"{path}: holds no data set; {IdxFolder.TrainImages} (or .gz) and its"
                + " companions, or data_batch_*.bin, are needed");
        }

        string[] paths = cifar
            ? [.. Cifar10Folder.TrainFiles(path), .. Cifar10Folder.TestFiles(path)]
            : [.. IdxFolder.FileNames.Select(name => IdxFolder.Find(path, name)).OfType<string>()];
        (string Path, string Sha256)[] digests =
            [.. paths.Select(file => (file, Digest(file, cancellationToken)))];
        DatasetInfo? known = cifar
            ? DatasetCatalog.Find("cifar10")
            : Identify(path, digests.Select(d => d.Sha256));
        FileReport[] files = [.. digests.Select(d => Report(known, d.Path, d.Sha256))];
        string name = known?.Name ?? "images in IDX files";
        try
        {
            ImageSplits splits = cifar ? Cifar10Folder.Read(path) : IdxFolder.Read(path, Classes);
            SplitReport[] reports = splits.Test is null
                ? [Report("train", splits.Train)]
                : [Report("train", splits.Train), Report("test", splits.Test)];
            return new DatasetReport(path, name, reports, files, ContentHasher.Hash(splits), []);
        }
        catch (UserFaultException e)
        {
            return new DatasetReport(path, name, [], files, ContentHash: null, e.Problems);
        }
    }

    /// <summary>MNIST and Fashion-MNIST share their file names: a digest tells them apart, else the folder's
    /// name.</summary>
    private static DatasetInfo? Identify(string path, IEnumerable<string> digests)
        => digests.Select(sha256 => DatasetCatalog.All.FirstOrDefault(
                set => set.Files.Any(file => file.Sha256 == sha256))).FirstOrDefault(set => set is not null)
            ?? DatasetCatalog.Find(
                Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));

    private static FileReport Report(DatasetInfo? known, string path, string sha256)
    {
        string name = Path.GetFileName(path);
        RemoteFile? pinned = known?.Files.FirstOrDefault(file => file.Name == name);
        ChecksumStatus status = pinned is null ? ChecksumStatus.NotPinned
            : pinned.Sha256 == sha256 ? ChecksumStatus.Matches : ChecksumStatus.Differs;
        return new FileReport(name, new FileInfo(path).Length, sha256, status);
    }

    private static SplitReport Report(string name, ImageStore images)
    {
        int[] counts = new int[images.Classes];
        foreach (byte label in images.Labels)
        {
            counts[label]++;
        }

        return new SplitReport(name, images.Count, images.Shape, counts);
    }

    private static string Digest(string path, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
