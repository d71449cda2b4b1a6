using System.Text;
using DistTrain.Core.Datasets;
using DistTrain.Data.Images;

namespace DistTrain.Data.Tests.Images;

public sealed class ContactSheetTests
{
    [Fact]
    public void Grey_images_lie_row_by_row_with_a_gap_between()
    {
        var images = new ImageStore(SampleShape.Image(1, 1, 2), 10, [1, 2, 3, 4, 5, 6], [0, 0, 0]);
        using var output = new MemoryStream();
        ContactSheet.Write(images, 0, columns: 2, rows: 2, output);
        byte[] expected = [.. Encoding.ASCII.GetBytes("P5\n5 3\n255\n"),
            1, 2, 64, 3, 4, 64, 64, 64, 64, 64, 5, 6, 64, 64, 64];
        output.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Colour_planes_are_interleaved()
    {
        var images = new ImageStore(SampleShape.Image(3, 1, 2), 10, [1, 2, 3, 4, 5, 6], [0]);
        using var output = new MemoryStream();
        ContactSheet.Write(images, 0, columns: 1, rows: 1, output);
        output.ToArray()[^6..].ShouldBe(new byte[] { 1, 3, 5, 2, 4, 6 });
    }

    [Fact]
    public void Other_channels_are_refused() => Should.Throw<ArgumentException>(() => ContactSheet.Write(
        new ImageStore(SampleShape.Image(2, 1, 1), 10, [1, 2], [0]), 0, 1, 1, Stream.Null));
}
