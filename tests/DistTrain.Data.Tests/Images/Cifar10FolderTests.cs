using DistTrain.Data.Images;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Images;

public sealed class Cifar10FolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_batches_there_are_come_in_the_order_of_their_names()
    {
        byte[] two = Cifar(3, seed: 2), one = Cifar(4);
        _folder.Write("data_batch_2.bin", two);
        _folder.Write("data_batch_1.bin", one);
        _folder.Write("test_batch_first1000.bin", Cifar(2, seed: 3));
        ImageSplits splits = Cifar10Folder.Read(_folder.Path);
        splits.Train.Count.ShouldBe(7);
        splits.Test!.Count.ShouldBe(2);
        splits.Train.Labels.ShouldBe(new byte[] { 0, 1, 2, 3, 0, 1, 2 });
        splits.Train.Image(1).ToArray().ShouldBe(one[3074..6146]);
        splits.Train.Image(4).ToArray().ShouldBe(two[1..3073]);
    }

    [Fact]
    public void A_set_without_test_images_has_no_test_split()
    {
        _folder.Write("data_batch_1.bin", Cifar(1));
        Cifar10Folder.Read(_folder.Path).Test.ShouldBeNull();
    }

    [Fact]
    public void A_set_without_training_images_is_refused()
    {
        _folder.Write("test_batch.bin", Cifar(1));
        FaultOf(() => Cifar10Folder.Read(_folder.Path)).ShouldContain("no data_batch_*.bin");
    }

    [Fact]
    public void A_cut_or_over_long_file_is_refused_by_name()
    {
        byte[] whole = [.. Cifar(2), 0];
        int[] lengths = [.. Enumerable.Range(0, 40).Select(i => i * 157 % 6145), 3072, 3074, 6147];
        foreach (int length in lengths)
        {
            string path = _folder.Write("data_batch_1.bin", whole[..length]);
            FaultOf(() => Cifar10Folder.Read(_folder.Path)).ShouldStartWith($"{path}: has {length} bytes");
        }
    }

    [Fact]
    public void A_label_out_of_range_is_named_with_its_index()
    {
        byte[] file = Cifar(5);
        file[3 * 3073] = 10;
        string path = _folder.Write("data_batch_1.bin", file);
        FaultOf(() => Cifar10Folder.Read(_folder.Path)).ShouldBe($"{path}: label 3 is 10; labels are 0 to 9");
    }
}
