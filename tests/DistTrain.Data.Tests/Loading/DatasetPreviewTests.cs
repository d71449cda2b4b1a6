using DistTrain.Data.Loading;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Loading;

public sealed class DatasetPreviewTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_images_are_shown_as_one_picture()
    {
        WriteIdxFolder(_folder, "mnist", 6, 1);
        using var output = new MemoryStream();
        DatasetPreview.Write("mnist", _folder.Path, new(null, ""), columns: 3, rows: 2, output);
        byte[] picture = output.ToArray();
        byte[] header = "P5\n11 9\n255\n"u8.ToArray();
        picture[..header.Length].ShouldBe(header);
        picture.Length.ShouldBe(header.Length + 11 * 9);
        picture[header.Length..(header.Length + 3)].ShouldBe(Pixels(72)[..3]);
        picture[^3..].ShouldBe(Pixels(72)[^3..]);
    }

    [Fact]
    public void A_table_cannot_be_shown()
        => FaultOf(() => DatasetPreview.Write("csv", null, new(null, ""), 1, 1, Stream.Null))
            .ShouldContain("csv");
}
