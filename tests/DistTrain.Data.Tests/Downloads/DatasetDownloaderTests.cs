using System.Formats.Tar;
using System.Security.Cryptography;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Data.Catalog;
using DistTrain.Data.Downloads;

namespace DistTrain.Data.Tests.Downloads;

public sealed class DatasetDownloaderTests : IDisposable
{
    private static readonly byte[] Content = SampleFiles.Pixels(300_000);
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new();

    private string Final => _folder.File("set/x.bin");
    private string Part => _folder.File("set/x.bin.part");

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_whole_file_arrives_verified_and_is_not_fetched_again()
    {
        using var server = new FileServer(context => FileServer.ServeAsync(context, Content));
        var progress = new Recorder();
        DownloadedDataset first = await Get(Set(server), progress);
        FinalIsWhole();
        Directory.GetFiles(_folder.File("set")).ShouldBe([Final]);
        first.Files.ShouldBe([new DownloadedFile("x.bin", 300_000, WasThere: false)]);
        progress[0].Bytes.ShouldBe(0);
        progress[^1].ShouldBe(progress[^1] with { File = "x.bin", Bytes = 300_000, TotalBytes = 300_000 });
        progress.Select(p => p.Bytes).ShouldBeInOrder();

        (await Get(Set(server))).Files.Single().WasThere.ShouldBeTrue();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_cut_download_is_continued_where_it_stopped()
    {
        int cuts = 2;
        using var server = new FileServer(context =>
            FileServer.ServeAsync(context, Content, cutAfter: cuts-- > 0 ? 120_000 * (2 - cuts) : null));
        await Get(Set(server));
        FinalIsWhole();
        string[] requests = [.. server.Requests];
        requests.Length.ShouldBe(3);
        requests[0].ShouldBe("/x.bin - -");
        requests[2].ShouldStartWith("/x.bin bytes=");
        requests[2].ShouldEndWith("\"v1\"");
        requests[2].ShouldNotContain("bytes=0-");
    }

    [Fact]
    public async Task What_an_earlier_process_left_is_continued()
    {
        using var server = new FileServer(context => FileServer.ServeAsync(context, Content));
        LeavePart(Content[..100_000], server.Root + "x.bin", "\"v1\"");
        var progress = new Recorder();
        await Get(Set(server), progress);
        FinalIsWhole();
        server.Requests.Single().ShouldBe("/x.bin bytes=100000- \"v1\"");
        progress[0].Bytes.ShouldBe(100_000);
    }

    [Theory]
    [InlineData("\"old\"", true, "bytes=100000-")] // the file changed on the server: If-Range sends it whole
    [InlineData("\"v1\"", false, "bytes=100000-")] // the server knows no ranges
    public async Task A_server_that_does_not_continue_is_heard_from_the_start(
        string tag, bool ranges, string asked)
    {
        using var server = new FileServer(context => FileServer.ServeAsync(context, Content, ranges: ranges));
        LeavePart(new byte[100_000], server.Root + "x.bin", tag);
        await Get(Set(server));
        FinalIsWhole();
        server.Requests.Single().ShouldContain(asked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"v1\"")]
    public async Task Without_a_strong_tag_a_download_starts_over(string? tag)
    {
        int cuts = 1;
        using var server = new FileServer(context =>
            FileServer.ServeAsync(context, Content, tag, cutAfter: cuts-- > 0 ? 120_000 : null));
        await Get(Set(server));
        FinalIsWhole();
        server.Requests.ShouldBe(["/x.bin - -", "/x.bin - -"]);
    }

    [Fact]
    public async Task A_wrong_checksum_names_both_digests_and_leaves_nothing()
    {
        byte[] other = [.. Content[..^1], (byte)(Content[^1] + 1)];
        using var server = new FileServer(context => FileServer.ServeAsync(context, other));
        RunFaultException fault = await Should.ThrowAsync<RunFaultException>(() => Get(Set(server)));
        fault.Message.ShouldContain(Sha256(other));
        fault.Message.ShouldContain(Sha256(Content));
        Directory.GetFiles(_folder.File("set")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_part_is_found_by_the_checksum_and_the_next_call_starts_over()
    {
        using var server = new FileServer(context => FileServer.ServeAsync(context, Content));
        LeavePart(new byte[100_000], server.Root + "x.bin", "\"v1\"");
        await Should.ThrowAsync<RunFaultException>(() => Get(Set(server)));
        await Get(Set(server));
        FinalIsWhole();
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(503, 4)]
    public async Task A_mirror_that_fails_is_followed_by_the_next(int status, int requests)
    {
        using var broken = new FileServer(context =>
        {
            FileServer.Refuse(context, status);
            return Task.CompletedTask;
        });
        using var good = new FileServer(context => FileServer.ServeAsync(context, Content));
        await Get(Set(broken, good));
        FinalIsWhole();
        broken.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task When_no_mirror_has_it_every_reason_is_named()
    {
        using var broken = new FileServer(context =>
        {
            FileServer.Refuse(context, 404);
            return Task.CompletedTask;
        });
        DatasetInfo set = Set(broken);
        RemoteFile file = set.Files[0] with
        {
            Mirrors = [set.Files[0].Mirrors[0], new Uri("http://127.0.0.1:1/x.bin")],
        };
        RunFaultException fault =
            await Should.ThrowAsync<RunFaultException>(() => Get(set with { Files = [file] }));
        fault.Message.ShouldContain("answered 404");
        fault.Message.ShouldContain("127.0.0.1:1/x.bin: ");
    }

    [Theory]
    [InlineData(true, "offers 300001 bytes")]
    [InlineData(false, "sends more than the pinned 300000")]
    public async Task A_file_too_large_is_not_written(bool declared, string complaint)
    {
        byte[] large = [.. Content, 1];
        using var server = new FileServer(async context =>
        {
            if (declared)
            {
                await FileServer.ServeAsync(context, large);
                return;
            }

            context.Response.SendChunked = true;
            await context.Response.OutputStream.WriteAsync(large);
            context.Response.Close();
        });
        RunFaultException fault = await Should.ThrowAsync<RunFaultException>(() => Get(Set(server)));
        fault.Message.ShouldContain(complaint);
        (File.Exists(Part) ? new FileInfo(Part).Length : 0).ShouldBeLessThanOrEqualTo(300_000);
        File.Exists(Final).ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_download_keeps_what_has_arrived()
    {
        using var arrived = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        using var server = new FileServer(async context =>
        {
            context.Response.Headers["ETag"] = "\"v1\"";
            context.Response.ContentLength64 = Content.Length;
            await context.Response.OutputStream.WriteAsync(Content.AsMemory(0, 150_000));
            await context.Response.OutputStream.FlushAsync();
            await never.Task;
            context.Response.Abort();
        });
        var progress = new Recorder(at =>
        {
            if (at.Bytes == 150_000)
            {
                arrived.Cancel();
            }
        });
        await Should.ThrowAsync<OperationCanceledException>(() => Get(Set(server), progress, arrived.Token));
        File.ReadAllBytes(Part).AsSpan().SequenceEqual(Content.AsSpan(0, 150_000)).ShouldBeTrue();
        File.Exists(Final).ShouldBeFalse();
        never.SetResult();
    }

    [Fact]
    public async Task A_server_that_falls_silent_counts_as_cut()
    {
        var never = new TaskCompletionSource();
        using var silent = new FileServer(_ => never.Task);
        var options = new DownloadOptions
        {
            Retries = 1,
            FirstDelay = TimeSpan.Zero,
            StallTimeout = TimeSpan.FromMilliseconds(50),
        };
        var downloader = new DatasetDownloader(_client, options);
        (await Should.ThrowAsync<RunFaultException>(() => downloader.GetAsync(Set(silent), _folder.Path)))
            .Message.ShouldContain("sent nothing for 0.05 s");
        never.SetResult();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        _folder.Write("set", "a file where the folder should be");
        using var server = new FileServer(context => FileServer.ServeAsync(context, Content));
        (await Should.ThrowAsync<UserFaultException>(() => Get(Set(server)))).Message
            .ShouldContain("cannot be created");
    }

    [Fact]
    public async Task An_archive_is_unpacked_and_then_neither_kept_nor_fetched_again()
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "in/a.bin")
            {
                DataStream = new MemoryStream([1, 2]),
            });
        }

        byte[] archive = SampleFiles.Gzip(tar.ToArray());
        using var server = new FileServer(context => FileServer.ServeAsync(context, archive));
        DatasetInfo set = Set(archive, server);
        set = set with { Files = [set.Files[0] with { Members = [new ArchiveMember("in/a.bin", 2)] }] };
        (await Get(set)).Files.ShouldBe([new DownloadedFile("a.bin", 2, WasThere: false)]);
        Directory.GetFiles(_folder.File("set")).ShouldBe([_folder.File("set/a.bin")]);
        (await Get(set)).Files.ShouldBe([new DownloadedFile("a.bin", 2, WasThere: true)]);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_part_that_another_download_holds_is_left_alone()
    {
        using var server = new FileServer(context => FileServer.ServeAsync(context, Content));
        _folder.Write("set/x.bin.part", new byte[10]);
        await using (new FileStream(Part, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            (await Should.ThrowAsync<RunFaultException>(() => Get(Set(server)))).Message
                .ShouldStartWith(Part);
        }

        new FileInfo(Part).Length.ShouldBe(10);
    }

    private Task<DownloadedDataset> Get(
        DatasetInfo set, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
        => new DatasetDownloader(_client, new DownloadOptions { Retries = 3, FirstDelay = TimeSpan.Zero })
            .GetAsync(set, _folder.Path, progress, cancellationToken);

    private void FinalIsWhole() => File.ReadAllBytes(Final).AsSpan().SequenceEqual(Content).ShouldBeTrue();

    private static DatasetInfo Set(params FileServer[] mirrors) => Set(Content, mirrors);

    private static DatasetInfo Set(byte[] content, params FileServer[] mirrors) => new(
        "set", "", SampleShape.Image(1, 1, 1), 10, 1, 1, null, "",
        [
            new RemoteFile(
                "x.bin", content.Length, Sha256(content), Convert.ToHexStringLower(MD5.HashData(content)),
                [.. mirrors.Select(mirror => new Uri(mirror.Root, "x.bin"))], []),
        ]);

    private void LeavePart(byte[] bytes, string address, string tag)
    {
        _folder.Write("set/x.bin.part", bytes);
        _folder.Write("set/x.bin.part.etag", $"{address}\n{tag}\n");
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Progress, noted on the spot.</summary>
    private sealed class Recorder(Action<DownloadProgress>? also = null)
        : List<DownloadProgress>, IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            Add(value);
            also?.Invoke(value);
        }
    }
}
