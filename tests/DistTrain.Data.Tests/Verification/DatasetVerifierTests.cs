using DistTrain.Data.Images;
using DistTrain.Data.Verification;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Verification;

public sealed class DatasetVerifierTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_folder_is_counted_class_by_class()
    {
        WriteIdxFolder(_folder, "fashion-mnist", 40, 20);
        DatasetReport report = DatasetVerifier.Verify(_folder.File("fashion-mnist"));
        report.IsSound.ShouldBeTrue();
        report.Name.ShouldBe("fashion-mnist");
        report.Splits.Select(split => (split.Name, split.Count)).ShouldBe([("train", 40), ("test", 20)]);
        report.Splits[0].ClassCounts.ShouldBe(Enumerable.Repeat(4, 10));
        report.Files.Count.ShouldBe(4);
        report.Files.ShouldAllBe(file => file.Status == ChecksumStatus.Differs && file.Sha256.Length == 64);
        report.ContentHash!.Length.ShouldBe(64);
    }

    [Fact]
    public void Faults_are_reported_not_thrown()
    {
        WriteIdxFolder(_folder, "mine", 40, 20, gzip: false);
        File.Delete(_folder.File("mine/" + IdxFolder.TestLabels));
        DatasetReport report = DatasetVerifier.Verify(_folder.File("mine"));
        report.IsSound.ShouldBeFalse();
        report.Faults.Single().ShouldContain(IdxFolder.TestLabels);
        report.Name.ShouldBe("images in IDX files");
        report.Files.Count.ShouldBe(3);
        report.Files.ShouldAllBe(file => file.Status == ChecksumStatus.NotPinned);
        report.ContentHash.ShouldBeNull();
    }

    [Fact]
    public void Cifar_batches_are_recognised()
    {
        _folder.Write("data_batch_1.bin", Cifar(20));
        _folder.Write("test_batch.bin", Cifar(10));
        DatasetReport report = DatasetVerifier.Verify(_folder.Path);
        report.Name.ShouldBe("cifar10");
        report.Splits.Select(split => split.Count).ShouldBe([20, 10]);
    }

    [Fact]
    public void A_folder_without_a_set_is_a_fault_of_the_caller()
    {
        FaultOf(() => DatasetVerifier.Verify(_folder.File("none"))).ShouldContain("no such folder");
        FaultOf(() => DatasetVerifier.Verify(_folder.Path)).ShouldContain("holds no data set");
    }

    [SkippableFact]
    public void Real_mnist_is_sound()
    {
        DatasetReport report = DatasetVerifier.Verify(RealData("mnist"));
        report.Name.ShouldBe("mnist");
        report.Faults.ShouldBeEmpty();
        report.Splits[1].ClassCounts.ShouldBe([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    }
}
