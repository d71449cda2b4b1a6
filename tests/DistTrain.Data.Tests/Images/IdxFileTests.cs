using DistTrain.Data.Images;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Images;

public sealed class IdxFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_come_back_as_written(bool gzip)
    {
        byte[] pixels = Pixels(5 * 4 * 3), file = Idx(8, [5, 4, 3], pixels);
        var (shape, read, count) = IdxFile.ReadImages(_folder.Write("x", gzip ? Gzip(file) : file));
        count.ShouldBe(5);
        shape.ToString().ShouldBe("1×4×3");
        read.ShouldBe(pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_at_any_byte_is_refused_by_name(bool gzip)
    {
        byte[] file = Idx(8, [5, 4, 3], Pixels(60));
        byte[] whole = gzip ? Gzip(file) : file;
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("cut", whole[..length]);
            FaultOf(() => IdxFile.ReadImages(path)).ShouldStartWith(path, customMessage: $"cut at {length}");
        }
    }

    [Fact]
    public void A_gzip_file_with_any_byte_changed_is_refused_or_reads_the_same()
    {
        // Header fields such as the time stamp mean nothing; everything else is under gzip's checksum.
        byte[] pixels = Pixels(60), whole = Gzip(Idx(8, [5, 4, 3], pixels));
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            string path = _folder.Write("damaged", damaged);
            try
            {
                IdxFile.ReadImages(path).Pixels.ShouldBe(pixels, $"byte {at}");
            }
            catch (Core.UserFaultException e)
            {
                e.Message.ShouldStartWith(path);
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(whole.Length - 10);
    }

    [Theory]
    [InlineData(false, "goes on")]
    [InlineData(true, "goes on")]
    public void An_over_long_file_is_refused(bool gzip, string complaint)
    {
        byte[] file = [.. Idx(8, [5, 4, 3], Pixels(60)), 0];
        string path = _folder.Write("long", gzip ? Gzip(file) : file);
        FaultOf(() => IdxFile.ReadImages(path)).ShouldContain(gzip ? complaint : "has 77 bytes");
    }

    [Fact]
    public void A_gzip_bomb_is_unpacked_one_byte_beyond_its_claim_at_most()
    {
        // 64 MiB of zeros behind a header that claims 60 pixels.
        string path = _folder.Write("bomb", Gzip([.. Idx(8, [5, 4, 3], []), .. new byte[1 << 26]]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        FaultOf(() => IdxFile.ReadImages(path)).ShouldContain("goes on after the 76 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 23);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_claim_the_file_cannot_keep_allocates_nothing(bool gzip)
    {
        byte[] file = Idx(8, [500_000, 64, 64], Pixels(60));
        string path = _folder.Write("claim", gzip ? Gzip(file) : file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FaultOf(() => IdxFile.ReadImages(path)).ShouldContain("claims 2048000016 bytes, more than a file of");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 23);
    }

    [Theory]
    [InlineData(0, 28, 28)]
    [InlineData(1, 0, 28)]
    [InlineData(1, 28, 0)]
    [InlineData(1, 5000, 28)]
    [InlineData(-1, 28, 28)]
    [InlineData(1, -1, -1)]
    public void Absurd_dimensions_are_refused(int count, int height, int width)
    {
        string path = _folder.Write("absurd", Idx(8, [count, height, width], Pixels(64)));
        FaultOf(() => IdxFile.ReadImages(path)).ShouldContain("is needed");
    }

    [Fact]
    public void More_bytes_than_an_array_holds_are_refused()
    {
        string path = _folder.Write("huge", Idx(8, [int.MaxValue, 4096, 4096], Pixels(64)));
        FaultOf(() => IdxFile.ReadImages(path)).ShouldContain("at most");
    }

    [Fact]
    public void Other_files_are_named_for_what_they_are()
    {
        FaultOf(() => IdxFile.ReadImages(_folder.Write("png", [0x89, 0x50, 0x4E, 0x47, 13, 10])))
            .ShouldContain("not an IDX file: it begins with 89504e47");
        FaultOf(() => IdxFile.ReadImages(_folder.Write("float", Idx(0x0D, [1, 1, 1], new byte[4]))))
            .ShouldContain("type 13 and rank 3; images have type 8 (bytes) and rank 3");
        FaultOf(() => IdxFile.ReadImages(_folder.Write("labels", Idx(8, [4], Labels(4)))))
            .ShouldContain("rank 1");
        FaultOf(() => IdxFile.ReadLabels(_folder.Write("images", Idx(8, [1, 1, 1], [1])), 10))
            .ShouldContain("rank 3");
        FaultOf(() => IdxFile.ReadImages(_folder.File("absent"))).ShouldContain("cannot be opened");
    }

    [Fact]
    public void A_label_out_of_range_is_named_with_its_index()
    {
        byte[] labels = Labels(20);
        labels[13] = 10;
        FaultOf(() => IdxFile.ReadLabels(_folder.Write("l", Idx(8, [20], labels)), 10))
            .ShouldEndWith("label 13 is 10; labels are 0 to 9");
    }

    [Fact]
    public void A_folder_needs_all_four_files_and_names_the_missing()
    {
        WriteIdxFolder(_folder, "set", 6, 4);
        IdxFolder.Read(_folder.File("set"), 10).Test!.Count.ShouldBe(4);
        File.Delete(_folder.File("set/" + IdxFolder.TrainLabels + ".gz"));
        File.Delete(_folder.File("set/" + IdxFolder.TestImages + ".gz"));
        Should.Throw<Core.UserFaultException>(() => IdxFolder.Read(_folder.File("set"), 10)).Problems.Count
            .ShouldBe(2);
    }

    [Fact]
    public void Counts_and_shapes_must_agree()
    {
        WriteIdxFolder(_folder, "set", 6, 4, gzip: false);
        _folder.Write("set/" + IdxFolder.TrainLabels, Idx(8, [5], Labels(5)));
        FaultOf(() => IdxFolder.Read(_folder.File("set"), 10)).ShouldContain("6 images, but");
        _folder.Write("set/" + IdxFolder.TrainLabels, Idx(8, [6], Labels(6)));
        _folder.Write("set/" + IdxFolder.TestImages, Idx(8, [4, 3, 4], Pixels(48)));
        FaultOf(() => IdxFolder.Read(_folder.File("set"), 10)).ShouldContain("1×4×3, test images 1×3×4");
    }
}
