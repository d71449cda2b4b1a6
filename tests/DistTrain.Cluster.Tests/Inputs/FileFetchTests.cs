using System.Security.Cryptography;
using DistTrain.Cluster.Inputs;
using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Tests.Inputs;

/// <summary>One file on its way over a link that answers before a request has returned.</summary>
public sealed class FileFetchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("disttrain-fetch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(FileFetch.PieceBytes)]
    [InlineData(FileFetch.PieceBytes + 1)]
    [InlineData((7 * FileFetch.PieceBytes) + 3)]
    public async Task Every_piece_is_asked_for_once_however_soon_it_comes(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(3).NextBytes(content);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        string path = Path.Combine(_folder, "file.part");
        using var piece = new NativeBuffer<byte>(FileFetch.PieceBytes);
        var link = new InstantLink();
        using (var fetch = new FileFetch(new InputFile("file", bytes, hash), path, piece, link, _ => { }))
        {
            link.Answer = request =>
            {
                if (fetch.Begin(new FilePiece(hash, request.Offset), request.Bytes) is not null)
                {
                    content.AsSpan((int)request.Offset, request.Bytes).CopyTo(piece.Span);
                    fetch.End();
                }
            };
            await fetch.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        }

        File.ReadAllBytes(path).ShouldBe(content);
        link.Offsets.ShouldBe(
            Enumerable.Range(0, (bytes + FileFetch.PieceBytes - 1) / FileFetch.PieceBytes)
                .Select(index => (long)index * FileFetch.PieceBytes));
    }

    private sealed class InstantLink : ILink
    {
        public Action<FilePieceRequest> Answer { get; set; } = _ => { };

        public List<long> Offsets { get; } = [];

        public PeerIdentity Peer { get; } = new("coordinator", "0", "here");

        public LinkTraffic Traffic => default;

        public bool TrySend(IMessage message)
        {
            var request = (FilePieceRequest)message;
            Offsets.Add(request.Offset);
            Answer(request);
            return true;
        }

        public bool TrySend(
            IMessage announcement, Payload payload, Action<bool> released, IMessage? ahead = null,
            bool lendsThread = false)
            => throw new NotSupportedException("a worker sends no payload to fetch a file");

        public void Close(string reason)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
