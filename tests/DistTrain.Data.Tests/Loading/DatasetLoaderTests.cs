using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sampling;
using DistTrain.Data.Images;
using DistTrain.Data.Loading;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Loading;

public sealed class DatasetLoaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DatasetPlaces Places => new(_folder.File("shared"), _folder.File("cache"));

    [Fact]
    public void A_path_comes_before_the_shared_folder_and_that_before_the_cache()
    {
        WriteIdxFolder(_folder, "cache/mnist", 3, 1);
        Count(null).ShouldBe(3);
        WriteIdxFolder(_folder, "shared/mnist", 4, 1);
        Count(null).ShouldBe(4);
        WriteIdxFolder(_folder, "given/mnist", 5, 1, gzip: false);
        Count("given").ShouldBe(5);
        Count("given/mnist").ShouldBe(5);
        FaultOf(() => Count("elsewhere")).ShouldContain("elsewhere");

        int Count(string? path) => DatasetLoader.Load(
            Spec("mnist") with { Path = path is null ? null : _folder.File(path) }, 1, Places).Train.Count;
    }

    [Fact]
    public void A_set_that_is_nowhere_names_the_places_and_the_remedy()
    {
        string fault = FaultOf(() => DatasetLoader.Load(Spec("fashion-mnist"), 1, Places));
        fault.ShouldContain(_folder.File("shared/fashion-mnist"));
        fault.ShouldContain(_folder.File("cache/fashion-mnist"));
        fault.ShouldContain("disttrain data get fashion-mnist");
        FaultOf(() => DatasetLoader.Load(Spec("imagenet"), 1, Places)).ShouldContain("one of strokes, mnist");
    }

    [Theory]
    [InlineData(null, null, "/home/x/.cache/disttrain/data")]
    [InlineData(null, "/xdg", "/xdg/disttrain/data")]
    [InlineData(null, "relative", "/home/x/.cache/disttrain/data")]
    [InlineData("/d", "", "/home/x/.cache/disttrain/data")]
    public void The_environment_names_the_places(string? shared, string? xdg, string cache)
    {
        DatasetPlaces places = DatasetPlaces.From(
            name => name == "DISTTRAIN_DATA" ? shared : name == "XDG_CACHE_HOME" ? xdg : null, "/home/x");
        places.SharedFolder.ShouldBe(shared);
        places.CacheFolder.Replace('\\', '/').ShouldBe(cache);
    }

    [Fact]
    public void Validation_samples_are_held_out_by_the_seed_and_statistics_leave_them_out()
    {
        WriteIdxFolder(_folder, "shared/mnist", 60, 5);
        DatasetSpec spec = Spec("mnist", validation: 12) with { Train = 40 };
        using IDataset set = DatasetLoader.Load(spec, 7, Places);
        set.Train.Count.ShouldBe(28);
        set.Validation!.Count.ShouldBe(12);
        set.Test!.Count.ShouldBe(5);
        (int[] train, int[] validation) = ValidationSplit.Choose(7, 40, 12);
        ImageStore images = IdxFolder.Read(_folder.File("shared/mnist"), 10).Train;
        PixelScale scale = PixelScale.Measure(images, train);
        Inputs(set.Validation).ShouldBe(Inputs(new ImageSampleSet(images, validation, scale, null)));
        Inputs(set.Train).ShouldBe(Inputs(new ImageSampleSet(images, train, scale, null)));
    }

    [Fact]
    public void Augmentation_is_for_training_samples_only()
    {
        WriteIdxFolder(_folder, "shared/mnist", 20, 5);
        DatasetSpec spec =
            Spec("mnist", validation: 5) with { Augment = new AugmentSpec { Crop = 2, Flip = true } };
        using IDataset set = DatasetLoader.Load(spec, 7, Places);
        var key = new AugmentationKey(1, 1);
        Inputs(set.Train, key).ShouldNotBe(Inputs(set.Train));
        Inputs(set.Validation!, key).ShouldBe(Inputs(set.Validation!));
        Inputs(set.Test!, key).ShouldBe(Inputs(set.Test!));
    }

    [Theory]
    [InlineData(20, 20, 1)]
    [InlineData(null, 60, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(61, 0, 1)]
    [InlineData(null, -1, 1)]
    public void More_samples_than_there_are_cannot_be_asked_for(int? train, int validation, int problems)
    {
        WriteIdxFolder(_folder, "shared/mnist", 60, 5);
        DatasetSpec spec = Spec("mnist", validation) with { Train = train };
        var fault = Should.Throw<UserFaultException>(() => DatasetLoader.Load(spec, 7, Places));
        fault.Problems.Count.ShouldBe(problems);
        fault.Message.ShouldContain("dataset.");
    }

    [Fact]
    public void A_crop_as_wide_as_the_image_is_refused()
    {
        WriteIdxFolder(_folder, "shared/mnist", 6, 5);
        DatasetSpec spec = Spec("mnist") with { Augment = new AugmentSpec { Crop = 3 } };
        FaultOf(() => DatasetLoader.Load(spec, 7, Places)).ShouldContain("can be 0 to 2");
    }

    [Fact]
    public void A_partial_set_is_loaded_and_said_to_be_partial()
    {
        _folder.Write("shared/cifar10/data_batch_1.bin", Cifar(6));
        var lines = new Lines();
        using IDataset set = DatasetLoader.Load(Spec("cifar10"), 1, Places, lines);
        set.Train.Count.ShouldBe(6);
        set.Test.ShouldBeNull();
        lines.Single().ShouldContain("6 training and 0 test images");
        lines.Single().ShouldContain("the whole set has 50,000 and 10,000");
    }

    [Fact]
    public void The_content_hash_tells_sets_apart_but_not_how_they_are_packed()
    {
        WriteIdxFolder(_folder, "a/mnist", 6, 5);
        WriteIdxFolder(_folder, "b/mnist", 6, 5, gzip: false);
        WriteIdxFolder(_folder, "c/mnist", 6, 4);
        string Hash(string folder) => DatasetLoader.Load(
            Spec("mnist", validation: 2) with { Path = _folder.File(folder) }, 1, Places).ContentHash;
        Hash("b").ShouldBe(Hash("a"));
        Hash("c").ShouldNotBe(Hash("a"));
    }

    [Fact]
    public void Strokes_needs_no_files()
    {
        using IDataset set = DatasetLoader.Load(Spec("strokes", validation: 5000), 1, Places);
        (set.Train.Count, set.Validation!.Count, set.Test!.Count).ShouldBe((55_000, 5000, 10_000));
        set.Classes.ShouldBe(10);
        set.Shape.ShouldBe(SampleShape.Image(1, 28, 28));
    }

    [SkippableFact]
    public void Real_mnist_has_its_published_statistics()
    {
        string folder = RealData("mnist");
        using IDataset set = DatasetLoader.Load(Spec("mnist") with { Path = folder }, 1, Places);
        (set.Train.Count, set.Test!.Count).ShouldBe((60_000, 10_000));
        ImageStore images = IdxFolder.Read(folder, 10).Train;
        PixelScale scale = PixelScale.Measure(images, [.. Enumerable.Range(0, 60_000)]);
        (1 / (255 * scale.Scale[0])).ShouldBe(0.3081f, 1e-4f);
        (-scale.Shift[0] / (255 * scale.Scale[0])).ShouldBe(0.1307f, 1e-4f);
    }

    [SkippableFact]
    public void Real_cifar10_is_read()
    {
        string folder = RealData("cifar10");
        using IDataset set = DatasetLoader.Load(Spec("cifar10") with { Path = folder }, 1, Places);
        set.Train.Count.ShouldBeGreaterThanOrEqualTo(10_000);
        set.Shape.ShouldBe(SampleShape.Image(3, 32, 32));
        using var batch = new MicroBatch(3, set.Shape, 0);
        set.Train.Gather([0, 1, 2], null, batch);
        batch.Labels.Span.ToArray().ShouldBe([6, 9, 9]); // a frog and two trucks begin the published set
    }

    private static float[] Inputs(ISampleSet set, AugmentationKey? key = null)
    {
        using var batch = new MicroBatch(set.Count, SampleShape.Image(1, 4, 3), 0);
        set.Gather([.. Enumerable.Range(0, set.Count)], key, batch);
        return batch.Inputs.Span.ToArray();
    }

    private sealed class Lines : List<string>, IProgress<string>
    {
        public void Report(string value) => Add(value);
    }
}
