using System.Text;
using DistTrain.Cluster.Inputs;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Inputs;

public sealed class InputCacheTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("disttrain-inputs-").FullName;
    private readonly InputFile _file;
    private readonly string _folder;

    public InputCacheTests()
    {
        string source = Path.Combine(_root, "source");
        File.WriteAllText(source, "what it is");
        _file = new InputFile("train.bin", new FileInfo(source).Length, InputCache.HashOf(source));
        _folder = new InputCache(Path.Combine(_root, "cache")).FolderOf("abc");
    }

    [Fact]
    public void A_file_is_there_once_its_content_is_right()
    {
        InputCache.Holds(_folder, _file).ShouldBeFalse();
        File.WriteAllText(InputCache.PartOf(_folder, _file), "what it is");
        InputCache.Holds(_folder, _file).ShouldBeFalse();
        InputCache.Complete(_folder, _file);
        InputCache.Holds(_folder, _file).ShouldBeTrue();
        File.Exists(InputCache.PartOf(_folder, _file)).ShouldBeFalse();
    }

    [Fact]
    public void Wrong_content_is_thrown_away_and_said()
    {
        File.WriteAllText(InputCache.PartOf(_folder, _file), "what it isn");
        Should.Throw<RunFaultException>(() => InputCache.Complete(_folder, _file))
            .Message.ShouldContain("train.bin");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_was_damaged_since_is_fetched_again()
    {
        File.WriteAllBytes(InputCache.PathOf(_folder, _file), Encoding.ASCII.GetBytes("what it was"));
        InputCache.Holds(_folder, _file).ShouldBeFalse();
        File.Exists(InputCache.PathOf(_folder, _file)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../train.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\b")]
    public void A_name_from_the_network_never_leaves_its_folder(string name)
        => Should.Throw<DistTrainException>(() => InputCache.PathOf(_folder, _file with { Name = name }));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
