using DistTrain.Core.Models;
using DistTrain.Core.Reduction;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Reduction;

public sealed class LayerSegmentsTests
{
    private const int Block = TreeReduction.BlockLength;

    [Fact]
    public void Layers_are_cut_where_blocks_end()
        => new LayerSegments(Layout(100, Block, 3, 2 * Block)).All.ToArray().ShouldBe(
        [
            new(0, 0, 100), new(1, 100, Block - 100), new(1, Block, 100), new(2, Block + 100, 3),
            new(3, Block + 103, Block - 103), new(3, 2 * Block, Block), new(3, 3 * Block, 103),
        ]);

    [Fact]
    public void Any_slices_of_whole_blocks_have_every_segment_once_and_whole()
    {
        Gen<int[]> lengths = Gen.Choose(1, 3 * Block).ArrayOf().Where(sizes => sizes.Length > 0);
        Gen<int[]> cuts = Gen.Choose(0, 20).ArrayOf();
        Prop.ForAll(lengths.Zip(cuts).ToArbitrary(), one =>
        {
            (int[] sizes, int[] ends) = one;
            var segments = new LayerSegments(Layout(sizes));
            long at = 0;
            int next = 0;
            IEnumerable<long> boundaries = ends.Select(end => (long)end * Block).Order();
            long[] slices = [.. boundaries.Where(end => end < sizes.Sum())];
            foreach (long end in slices.Append(sizes.Sum()))
            {
                Range range = segments.In(at, end - at);
                range.Start.Value.ShouldBe(next);
                foreach (LayerSegment segment in segments.All[range])
                {
                    segment.Offset.ShouldBeGreaterThanOrEqualTo(at);
                    (segment.Offset + segment.Length).ShouldBeLessThanOrEqualTo(end);
                }
                (at, next) = (end, range.End.Value);
            }
            next.ShouldBe(segments.All.Length);
            segments.All.ToArray().Sum(segment => segment.Length).ShouldBe(sizes.Sum());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Buffers_behind_the_parameters_have_no_segments()
    {
        var segments = new LayerSegments(Layout(Block + 5) with { BufferCount = 5 * Block });
        segments.In(Block, 5).ShouldBe(1..2);
        segments.In(3 * Block, 0).ShouldBe(2..2);
    }

    [Theory]
    [InlineData(1, Block)]
    [InlineData(0, Block - 1)]
    [InlineData(Block, 7)]
    public void A_slice_that_cuts_a_block_is_refused(long offset, long length)
        => Should.Throw<ArgumentException>(() => new LayerSegments(Layout(5 * Block)).In(offset, length));

    [Theory]
    [InlineData(ParameterRole.Weight, 2, true)]
    [InlineData(ParameterRole.Bias, 1, false)]
    [InlineData(ParameterRole.NormScale, 1, false)]
    [InlineData(ParameterRole.NormShift, 1, false)]
    [InlineData(ParameterRole.Opaque, 0, false)]
    [InlineData(ParameterRole.Opaque, 1, false)]
    [InlineData(ParameterRole.Opaque, 2, true)]
    [InlineData(ParameterRole.Opaque, 4, true)]
    public void Biases_and_norms_are_not_adapted(ParameterRole role, int dimensions, bool isAdapted)
    {
        int[] shape = [.. Enumerable.Repeat(1, dimensions)];
        ParameterLayout layout = new([new ParameterSlot("p", shape, role, 0, 0)], 1, 0);
        new LayerSegments(layout).Layers.ShouldBe([new Layer(0, 1, isAdapted)]);
    }

    [Fact]
    public void Tensors_that_leave_gaps_or_overlap_are_refused()
    {
        ParameterSlot slot = Layout(10).Slots[0];
        Should.Throw<ArgumentException>(() => new LayerSegments(new([slot], 11, 0)));
        Should.Throw<ArgumentException>(() => new LayerSegments(new([slot with { Offset = 1 }], 11, 0)));
        Should.Throw<ArgumentException>(
            () => new LayerSegments(new([slot, slot with { Offset = 9 }], 19, 0)));
    }

    /// <summary>Weights of these lengths, one after the other.</summary>
    internal static ParameterLayout Layout(params int[] lengths)
    {
        long offset = 0;
        var slots = new List<ParameterSlot>();
        foreach (int length in lengths)
        {
            slots.Add(new ParameterSlot($"{slots.Count}", [1, length], ParameterRole.Weight, offset, 0));
            offset += length;
        }
        return new ParameterLayout(slots, offset, 0);
    }
}
