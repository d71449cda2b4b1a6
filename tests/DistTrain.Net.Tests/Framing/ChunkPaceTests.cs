using DistTrain.Net.Framing;

namespace DistTrain.Net.Tests.Framing;

public sealed class ChunkPaceTests
{
    private const int Most = 4 << 20;

    [Fact]
    public void A_network_that_is_slow_gets_shorter_chunks_down_to_a_quarter_of_a_mebibyte()
    {
        var pace = new ChunkPace(Most);
        int[] lengths = [.. Enumerable.Range(0, 6).Select(_ => After(pace, milliseconds: 50))];
        lengths.ShouldBe([2 << 20, 1 << 20, 512 << 10, 256 << 10, 256 << 10, 256 << 10]);
    }

    [Fact]
    public void A_network_that_is_fast_again_gets_longer_ones_up_to_the_most()
    {
        var pace = new ChunkPace(Most);
        After(pace, milliseconds: 50);
        After(pace, milliseconds: 50);
        After(pace, milliseconds: 1).ShouldBe(2 << 20);
        After(pace, milliseconds: 1).ShouldBe(Most);
        After(pace, milliseconds: 1).ShouldBe(Most);
    }

    [Fact]
    public void In_between_and_after_a_short_last_chunk_nothing_changes()
    {
        var pace = new ChunkPace(Most);
        After(pace, milliseconds: 50);
        After(pace, milliseconds: 7).ShouldBe(2 << 20);
        pace.Wrote(100, TimeSpan.Zero);
        pace.Bytes.ShouldBe(2 << 20);
    }

    [Fact]
    public void Chunks_are_never_longer_than_the_options_say()
    {
        var pace = new ChunkPace(4);
        After(pace, milliseconds: 50).ShouldBe(4);
        After(pace, milliseconds: 0).ShouldBe(4);
        After(new ChunkPace(int.MaxValue), milliseconds: 0).ShouldBe(int.MaxValue);
    }

    private static int After(ChunkPace pace, int milliseconds)
    {
        pace.Wrote(pace.Bytes, TimeSpan.FromMilliseconds(milliseconds));
        return pace.Bytes;
    }
}
