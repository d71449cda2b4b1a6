using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Refusals;

/// <summary>Data sets that are damaged, or are not there.</summary>
public sealed class DataRefusalTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte.gz", TestImages = "t10k-images-idx3-ubyte",
        Labels = "train-labels-idx1-ubyte";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string, string, string> Damages() => new()
    {
        { Images, "missing", "there is no train-images-idx3-ubyte" },
        { TestImages, "missing", "there is no t10k-images-idx3-ubyte" },
        { TestImages, "truncated", "truncated" },
        { Images, "truncated", "train-images-idx3-ubyte.gz" },
        { Images, "flipped", "damaged gzip data" },
        { TestImages, "longer", "its header claims" },
        { Images, "longer inside", "goes on after" },
        { TestImages, "huge header", "claims 1677024720112 bytes" },
        { TestImages, "not IDX", "is not an IDX file" },
        { Labels, "label out of range", "labels are 0 to 9" },
        { Labels, "fewer", "labels" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_file_of_MNIST_is_refused_by_its_name(string file, string damage, string complaint)
    {
        string folder = SmallSets.WriteIdx(_workspace, "mnist", train: 40, test: 10);
        Damage(Path.Combine(folder, file), damage);
        string line = Disttrain.Refuse(
            _workspace, "train", "--quiet", "--dataset", "mnist", "--data", folder, "--validation", "0")
            .ShouldHaveSingleItem();
        line.ShouldContain(complaint);
        line.ShouldContain(Path.GetFileNameWithoutExtension(file));
    }

    [Theory]
    [InlineData("truncated", "it is truncated or damaged")]
    [InlineData("label out of range", "label 0 is 10; labels are 0 to 9")]
    [InlineData("missing", "there is no data_batch_*.bin")]
    public void A_damaged_CIFAR_file_is_refused(string damage, string complaint)
    {
        string folder = SmallSets.WriteCifar(_workspace, "cifar10", train: 40, test: 10);
        string path = Path.Combine(folder, "data_batch_1.bin");
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "truncated":
                File.WriteAllBytes(path, bytes[..^1]);
                break;
            case "missing":
                File.Delete(path);
                break;
            default:
                bytes[0] = 10;
                File.WriteAllBytes(path, bytes);
                break;
        }

        Disttrain.Refuse(
            _workspace, "train", "--quiet", "--dataset", "cifar10", "--data", folder, "--validation", "0")
            .ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [Theory]
    [InlineData("a,b,kind\n1,2,x\n3,4,y\n5,6\n", "line 4: has 2 fields; the header has 3")]
    [InlineData("a,b,kind\n1,2,x\n3,4,y,5\n", "line 3: has 4 fields; the header has 3")]
    [InlineData("a,b,kind\n1,two,x\n3,4,y\n", "line 2: column 'b' has 'two'; a finite number is needed")]
    [InlineData("a,b,kind\n1,NaN,x\n3,4,y\n", "column 'b' has 'NaN'")]
    [InlineData("a,b,sort\n1,2,x\n3,4,y\n", "there is no label column 'kind'")]
    [InlineData("a,b,kind\n1,2,x\n3,4,x\n", "at least two classes")]
    [InlineData("a,b,kind\n", "no data rows")]
    [InlineData("", "is empty")]
    public void A_faulty_table_is_refused_with_its_line(string table, string complaint)
    {
        string path = _workspace.Write("table.csv", table);
        Disttrain.Refuse(
            _workspace, "train", "--quiet", "--dataset", "csv", "--data", path, "--set", "dataset.label=kind",
            "--epochs", "1", "--batch", "2", "--shards", "2").ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [Theory]
    [InlineData("mnist", "no train-images-idx3-ubyte")]
    [InlineData("cifar10", "no data_batch_*.bin")]
    public void A_folder_without_the_set_is_refused_and_says_how_to_get_it(string set, string complaint)
    {
        Directory.CreateDirectory(_workspace.File("empty"));
        string line = Disttrain.Refuse(_workspace, "train", "--dataset", set, "--data", "empty")
            .ShouldHaveSingleItem();
        line.ShouldContain(complaint);
        line.ShouldContain($"disttrain data get {set}");
    }

    [Fact]
    public void More_samples_than_there_are_is_refused()
    {
        string folder = SmallSets.WriteIdx(_workspace, "mnist", train: 40, test: 10);
        Disttrain.Refuse(
            _workspace, "train", "--quiet", "--dataset", "mnist", "--data", folder, "--set",
            "dataset.train=41", "--validation", "8")
            .ShouldHaveSingleItem().ShouldContain("dataset.train: is 41");
    }

    private static void Damage(string path, string damage)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "missing":
                File.Delete(path);
                return;
            case "truncated":
                bytes = bytes[..(bytes.Length * 2 / 3)];
                break;
            case "flipped":
                bytes[10] = 0xFF; // the first block of the packed data: of a type that there is not
                break;
            case "longer":
                bytes = [.. bytes, 0];
                break;
            case "longer inside":
                bytes = SmallSets.Gzip([.. SmallSets.Idx([40, 28, 28], new byte[40 * 28 * 28]), 0]);
                break;
            case "huge header":
                bytes.AsSpan(4, 4).Fill(0x7F);
                break;
            case "not IDX":
                bytes[0] = (byte)'P';
                break;
            case "label out of range":
                bytes[^1] = 10;
                break;
            case "fewer":
                bytes = SmallSets.Idx([39], new byte[39]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, message: null);
        }

        File.WriteAllBytes(path, bytes);
    }
}
