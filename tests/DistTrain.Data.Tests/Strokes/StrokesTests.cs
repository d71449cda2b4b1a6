using System.Security.Cryptography;
using DistTrain.Data.Images;
using DistTrain.Data.Strokes;

namespace DistTrain.Data.Tests.Strokes;

public sealed class StrokesTests
{
    /// <summary>
    /// The set is part of what a job's result depends on: if this changes, every published figure for strokes
    /// is void, so the change must be meant.
    /// </summary>
    [Fact]
    public void The_first_hundred_images_are_the_published_bytes()
    {
        ImageStore images = StrokesGenerator.Generate(0, 100);
        Convert.ToHexStringLower(SHA256.HashData(images.Pixels))
            .ShouldBe("906350094e5f84ece4e73b3faab5b6bee4e4066da38877229a91c26dd3dbb312");
        string.Concat(images.Labels[..20]).ShouldBe("13057496283872654109");
    }

    [Theory]
    [InlineData(0, StrokesGenerator.TrainingCount)]
    [InlineData(StrokesGenerator.TrainingCount, StrokesGenerator.TestCount)]
    [InlineData(120, 10)]
    public void Classes_are_balanced(int first, int count)
        => Enumerable.Range(first, count).GroupBy(StrokesGenerator.LabelOf).Select(group => group.Count())
            .ShouldBe(Enumerable.Repeat(count / 10, 10));

    [Fact]
    public void The_bytes_do_not_depend_on_the_threads_or_on_where_a_range_begins()
    {
        ImageStore one = StrokesGenerator.Generate(0, 3000, threads: 1);
        ImageStore many = StrokesGenerator.Generate(0, 3000, threads: 7);
        ImageStore part = StrokesGenerator.Generate(1234, 600);
        many.Pixels.AsSpan().SequenceEqual(one.Pixels).ShouldBeTrue();
        many.Labels.ShouldBe(one.Labels);
        part.Pixels.AsSpan().SequenceEqual(one.Pixels.AsSpan(1234 * 784, 600 * 784)).ShouldBeTrue();
        part.Labels.ShouldBe(one.Labels[1234..1834]);
    }

    [Fact]
    public void No_two_images_are_alike()
    {
        ImageStore images = StrokesGenerator.Generate(0, 2000);
        Enumerable.Range(0, 2000).Select(i => Convert.ToHexString(SHA1.HashData(images.Image(i))))
            .Distinct().Count().ShouldBe(2000);
    }

    [Fact]
    public void Every_template_fits_the_space_for_its_segments_and_its_digit_is_visible()
    {
        StrokeTemplates.ByDigit.Count.ShouldBe(10);
        Span<Segment> segments = stackalloc Segment[StrokePen.MaxSegments];
        for (ulong i = 0; i < 2000; i++)
        {
            var random = new KeyedStream(i);
            int count = StrokePen.Write((int)(i % 10), ref random, segments);
            count.ShouldBeInRange(1, StrokePen.MaxSegments);
            float[] levels = new float[784];
            StrokeRenderer.Draw(segments[..count], 1, 255, levels);
            levels.Count(level => level > 128).ShouldBeInRange(10, 400, $"key {i}");
        }
    }

    [Fact]
    public void Rendering_equals_a_slow_float64_reference()
    {
        Span<Segment> segments = stackalloc Segment[StrokePen.MaxSegments];
        for (ulong i = 0; i < 20; i++)
        {
            var random = new KeyedStream(i);
            int count = StrokePen.Write((int)(i % 10), ref random, segments);
            float radius = 0.4f + 0.1f * i;
            float[] levels = new float[784];
            StrokeRenderer.Draw(segments[..count], radius, 200, levels);
            double[] expected = Reference(segments[..count].ToArray(), radius, 200);
            for (int p = 0; p < 784; p++)
            {
                ((double)levels[p]).ShouldBe(expected[p], 0.01, $"image {i}, pixel {p}");
            }
        }
    }

    [Fact]
    public void A_curve_passes_its_corners_and_ends_and_rounds_the_rest()
    {
        StrokeTemplate template = StrokeTemplate.Parse("0 0 50 100! 99 0 / 1 2 3 4");
        template.Strokes.Count.ShouldBe(2);
        template.Strokes[0].ShouldBe([new(0, 0, false), new(0.5f, 1, true), new(0.99f, 0, false)]);
        template.Strokes[1].Length.ShouldBe(2);
    }

    /// <summary>Every pixel against every segment, in the plainest form.</summary>
    private static double[] Reference(Segment[] segments, double radius, double ink)
    {
        double[] levels = new double[784];
        for (int p = 0; p < 784; p++)
        {
            double distance = segments.Min(s => DistanceTo(s, p % 28, p / 28));
            levels[p] = ink * Math.Min(1, Math.Max(0, radius + 0.5 - distance));
        }

        return levels;
    }

    private static double DistanceTo(Segment s, double x, double y)
    {
        double dx = (double)s.X1 - s.X0, dy = (double)s.Y1 - s.Y0, length = dx * dx + dy * dy;
        double t = length == 0 ? 0 : Math.Clamp(((x - s.X0) * dx + (y - s.Y0) * dy) / length, 0, 1);
        return Math.Sqrt(Math.Pow(x - s.X0 - t * dx, 2) + Math.Pow(y - s.Y0 - t * dy, 2));
    }
}
