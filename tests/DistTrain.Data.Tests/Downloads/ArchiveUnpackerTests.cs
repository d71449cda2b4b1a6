using System.Formats.Tar;
using DistTrain.Core;
using DistTrain.Data.Catalog;
using DistTrain.Data.Downloads;

namespace DistTrain.Data.Tests.Downloads;

public sealed class ArchiveUnpackerTests : IDisposable
{
    private static readonly ArchiveMember[] Wanted = [new("in/a.bin", 3), new("in/b.bin", 2)];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wanted_members_come_out_and_others_stay_in()
    {
        await Unpack(("in/readme", [9]), ("in/b.bin", [4, 5]), ("in/a.bin", [1, 2, 3]));
        File.ReadAllBytes(_folder.File("out/a.bin")).ShouldBe(new byte[] { 1, 2, 3 });
        Directory.GetFiles(_folder.File("out")).Length.ShouldBe(2);
        ArchiveUnpacker.IsUnpacked(Wanted[0], _folder.File("out")).ShouldBeTrue();
        ArchiveUnpacker.IsUnpacked(new ArchiveMember("in/a.bin", 4), _folder.File("out")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("in/../../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("..\\evil")]
    public async Task A_path_that_leads_outside_is_refused(string path)
    {
        (await Fault((path, [1]), ("in/a.bin", [1, 2, 3]), ("in/b.bin", [4, 5])))
            .ShouldContain("leads outside");
        Directory.GetFiles(_folder.Path, "evil", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_member_missing_or_of_another_size_is_refused()
    {
        (await Fault(("in/a.bin", [1, 2, 3]))).ShouldContain("has no in/b.bin");
        (await Fault(("in/a.bin", [1, 2, 3, 4]))).ShouldContain("of 4 bytes, not a file of 3");
    }

    [Fact]
    public async Task A_link_in_a_members_place_is_refused()
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.SymbolicLink, "in/a.bin") { LinkName = "/etc/passwd" });
        }

        (await FaultOf(archive.ToArray())).ShouldContain("is a SymbolicLink");
        File.Exists(_folder.File("out/a.bin")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_archive_cut_anywhere_is_refused()
    {
        byte[] packed = SampleFiles.Gzip(await Tar(("in/b.bin", [4, 5]), ("in/a.bin", [1, 2, 3])));

        // The last member's data ends well before the archive's zero padding and trailer do.
        for (int length = 0; length < packed.Length - 40; length++)
        {
            string path = _folder.Write("cut.tar.gz", packed[..length]);
            Directory.CreateDirectory(_folder.File("out"));
            await Should.ThrowAsync<RunFaultException>(
                () => ArchiveUnpacker.UnpackAsync(path, Wanted, _folder.File("out"), default),
                $"cut at {length}");
            Directory.Delete(_folder.File("out"), recursive: true);
        }
    }

    private async Task Unpack(params (string Path, byte[] Bytes)[] entries)
    {
        string path = _folder.Write("x.tar.gz", SampleFiles.Gzip(await Tar(entries)));
        Directory.CreateDirectory(_folder.File("out"));
        await ArchiveUnpacker.UnpackAsync(path, Wanted, _folder.File("out"), default);
    }

    private async Task<string> Fault(params (string Path, byte[] Bytes)[] entries)
        => await FaultOf(await Tar(entries));

    private async Task<string> FaultOf(byte[] tar)
    {
        string path = _folder.Write("x.tar.gz", SampleFiles.Gzip(tar));
        Directory.CreateDirectory(_folder.File("out"));
        return (await Should.ThrowAsync<RunFaultException>(
            () => ArchiveUnpacker.UnpackAsync(path, Wanted, _folder.File("out"), default))).Message;
    }

    private static async Task<byte[]> Tar(params (string Path, byte[] Bytes)[] entries)
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string path, byte[] bytes) in entries)
            {
                await tar.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.RegularFile, path)
                    {
                        DataStream = new MemoryStream(bytes),
                    });
            }
        }

        return archive.ToArray();
    }
}
