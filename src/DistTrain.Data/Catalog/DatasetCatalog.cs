using DistTrain.Core.Datasets;

namespace DistTrain.Data.Catalog;

/// <summary>One file of a public data set. A download is accepted only if it is this file to the last
/// byte.</summary>
/// <param name="Name">As stored.</param>
/// <param name="Bytes">Exact size.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Md5">Lower-case hex; the digest most sources publish, checked besides.</param>
/// <param name="Mirrors">Where it can be had, tried in order.</param>
/// <param name="Members">An archive's wanted members; empty: the file is used as it is.</param>
public sealed record RemoteFile(
    string Name, long Bytes, string Sha256, string Md5, IReadOnlyList<Uri> Mirrors,
    IReadOnlyList<ArchiveMember> Members);

/// <summary>A file inside an archive.</summary>
/// <param name="Path">In the archive, with forward slashes.</param>
/// <param name="Bytes">Exact size unpacked.</param>
public sealed record ArchiveMember(string Path, long Bytes)
{
    /// <summary>The name it is unpacked under.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>What is known of a data set before it is there.</summary>
/// <param name="Name">As jobs name it.</param>
/// <param name="Description">One line.</param>
/// <param name="Shape">Of a sample.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="TrainingCount">Training samples of the whole set.</param>
/// <param name="TestCount">Test samples of the whole set.</param>
/// <param name="Home">Where its makers describe it; null: made by this program.</param>
/// <param name="Licence">One line.</param>
/// <param name="Files">To download; empty: nothing to download.</param>
public sealed record DatasetInfo(
    string Name, string Description, SampleShape Shape, int Classes, int TrainingCount, int TestCount,
    Uri? Home, string Licence, IReadOnlyList<RemoteFile> Files)
{
    /// <summary>Bytes of all its downloads.</summary>
    public long DownloadBytes => Files.Sum(file => file.Bytes);
}

/// <summary>
/// The data sets the program knows by name. Sizes and SHA-256 digests are those of TensorFlow Datasets
/// (url_checksums/mnist.txt, fashion_mnist.txt, cifar10.txt), MD5 digests those of torchvision.
/// </summary>
public static class DatasetCatalog
{
    public static IReadOnlyList<DatasetInfo> All { get; } = [Strokes(), Mnist(), FashionMnist(), Cifar10()];

    /// <summary>null: no such set.</summary>
    public static DatasetInfo? Find(string name) => All.FirstOrDefault(set => set.Name == name);

    /// <summary>" (the whole set has …)" where a set is not complete, else "".</summary>
    public static string Shortfall(string name, int training, int test)
        => Find(name) is { } whole && (whole.TrainingCount != training || whole.TestCount != test)
            ? $" (the whole set has {whole.TrainingCount:N0} and {whole.TestCount:N0})"
            : "";

    private static DatasetInfo Strokes() => new(
        "strokes", "Digits drawn by this program from jittered strokes, in about a second",
        SampleShape.Image(1, 28, 28), 10, 60_000, 10_000, Home: null, "as this program", []);

    private static DatasetInfo Mnist()
    {
        string[] bases =
        [
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ];
        return new DatasetInfo(
            "mnist", "Handwritten digits (LeCun, Cortes, Burges 1998)",
            SampleShape.Image(1, 28, 28), 10, 60_000, 10_000,
            new Uri("http://yann.lecun.com/exdb/mnist/"), "CC BY-SA 3.0",
            [
                File(bases, "train-images-idx3-ubyte.gz", 9_912_422,
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                    "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                File(bases, "train-labels-idx1-ubyte.gz", 28_881,
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                    "d53e105ee54ea40749a09fcbcd1e9432"),
                File(bases, "t10k-images-idx3-ubyte.gz", 1_648_877,
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                    "9fb629c4189551a2d022fa330f9573f3"),
                File(bases, "t10k-labels-idx1-ubyte.gz", 4_542,
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                    "ec29112dd5afa0611ce80d1b7f02629c"),
            ]);
    }

    private static DatasetInfo FashionMnist()
    {
        string[] bases = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"];
        return new DatasetInfo(
            "fashion-mnist", "Clothes in ten kinds, MNIST's format (Xiao, Rasul, Vollgraf 2017)",
            SampleShape.Image(1, 28, 28), 10, 60_000, 10_000,
            new Uri("https://github.com/zalandoresearch/fashion-mnist"), "MIT",
            [
                File(bases, "train-images-idx3-ubyte.gz", 26_421_880,
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                File(bases, "train-labels-idx1-ubyte.gz", 29_515,
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    "25c81989df183df01b3e8a0aad5dffbe"),
                File(bases, "t10k-images-idx3-ubyte.gz", 4_422_102,
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    "bef4ecab320f06d8554ea6380940ec79"),
                File(bases, "t10k-labels-idx1-ubyte.gz", 5_148,
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    "bb300cfdad3c16e7a12a480ee83cd310"),
            ]);
    }

    private static DatasetInfo Cifar10()
    {
        const long batchBytes = 30_730_000;
        string[] names = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"];
        RemoteFile archive = File(
            ["https://www.cs.toronto.edu/~kriz/"], "cifar-10-binary.tar.gz", 170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            "c32a1d4ab5d03f1284b67883e8d87530");
        return new DatasetInfo(
            "cifar10", "Small colour photographs in ten kinds (Krizhevsky 2009)",
            SampleShape.Image(3, 32, 32), 10, 50_000, 10_000,
            new Uri("https://www.cs.toronto.edu/~kriz/cifar.html"), "none stated; cite Krizhevsky 2009",
            [
                archive with
                {
                    Members = [.. names.Select(
                        name => new ArchiveMember("cifar-10-batches-bin/" + name, batchBytes))],
                },
            ]);
    }

    private static RemoteFile File(string[] bases, string name, long bytes, string sha256, string md5)
        => new(name, bytes, sha256, md5, [.. bases.Select(root => new Uri(root + name))], []);
}
