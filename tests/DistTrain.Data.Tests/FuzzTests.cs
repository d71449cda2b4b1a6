using DistTrain.Core;
using DistTrain.Data.Images;
using DistTrain.Data.Tables;
using FsCheck;
using FsCheck.Fluent;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests;

/// <summary>Whatever bytes a file has, a reader reads it or says in one line what is wrong with it.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Idx_files_of_any_bytes_are_read_or_refused() => Try(
        (byte[] tail) => [0, 0, 8, 3, .. tail], path => IdxFile.ReadImages(path));

    [Fact]
    public void Gzip_files_with_a_stretch_overwritten_are_read_or_refused()
    {
        byte[] whole = Gzip(Idx(8, [40, 5, 5], [.. Enumerable.Range(0, 1000).Select(i => (byte)(i / 9))]));
        Try(
            (byte[] noise) =>
            {
                byte[] damaged = [.. whole];
                int held = Math.Min(noise.Length, 200), at = noise.Length % (whole.Length - 200);
                noise.AsSpan(0, held).CopyTo(damaged.AsSpan(at));
                return damaged;
            },
            path => IdxFile.ReadImages(path));
    }

    [Fact]
    public void Tables_of_any_bytes_are_read_or_refused() => Try(
        (byte[] tail) => [.. "a,kind\n1,x\n"u8, .. tail.Select(b => (byte)"01.,,\"\n\re-x \0\xFF"[b % 14])],
        path => CsvTableReader.Read(path, "kind", null));

    private void Try(Func<byte[], byte[]> file, Action<string> read)
        => Prop.ForAll<byte[]>(bytes =>
        {
            string path = _folder.Write("fuzz", file(bytes));
            try
            {
                read(path);
            }
            catch (UserFaultException e)
            {
                e.Problems.ShouldAllBe(problem => problem.StartsWith(path) && !problem.Contains('\n'));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
