using DistTrain.Core.Datasets;
using DistTrain.Core.Sampling;
using DistTrain.Data.Images;

namespace DistTrain.Data.Strokes;

/// <summary>
/// The set <c>strokes</c>: digits drawn from jittered strokes, made in about a second instead of downloaded.
/// Every image is a pure function of its index, by integer and +, −, ×, ÷, √ arithmetic alone (IEEE 754
/// defines these to the last bit), so the bytes are the same on every machine and for every number of
/// threads.
/// </summary>
internal static class StrokesGenerator
{
    public const int Side = 28;
    public const int Classes = 10;
    public const int TrainingCount = 60_000;
    public const int TestCount = 10_000;

    /// <summary>"STROKES1": the version of the set.</summary>
    private const ulong SetSeed = 0x5354524F4B455331;

    private const float MostNoise = 26f;

    public static SampleShape Shape => SampleShape.Image(1, Side, Side);

    /// <summary>Draws samples [first, first + count); test samples follow the training samples.</summary>
    /// <param name="first">Index in the whole set.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">Threads used; −1: all cores. Does not change the bytes.</param>
    public static ImageStore Generate(
        int first, int count, int threads = -1, CancellationToken cancellationToken = default)
    {
        byte[] pixels = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads,
            CancellationToken = cancellationToken,
        };
        const int chunk = 500;
        Parallel.For(0, (count + chunk - 1) / chunk, options, part =>
        {
            int end = Math.Min(count, (part + 1) * chunk);
            for (int i = part * chunk; i < end; i++)
            {
                labels[i] = (byte)LabelOf(first + i);
                Draw(first + i, pixels.AsSpan(i * Side * Side, Side * Side));
            }
        });
        return new ImageStore(Shape, Classes, pixels, labels);
    }

    /// <summary>
    /// The digit of a sample. Every ten samples in a row hold every digit once, in an order of their own, so
    /// that the first N samples are balanced for any N that ten divides.
    /// </summary>
    public static int LabelOf(int index)
    {
        ulong key = Key(RandomPurpose.Label, index / Classes);
        Span<int> order = stackalloc int[Classes];
        for (int i = 0; i < Classes; i++)
        {
            int j = KeyedRandom.Below(key, (ulong)i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order[index % Classes];
    }

    /// <summary>Draws one sample into 28 × 28 bytes, ink bright on dark.</summary>
    public static void Draw(int index, Span<byte> image)
    {
        var random = new KeyedStream(Key(RandomPurpose.Image, index));
        Span<float> levels = stackalloc float[Side * Side];
        levels.Clear();
        Span<Segment> segments = stackalloc Segment[StrokePen.MaxSegments];
        int count = StrokePen.Write(LabelOf(index), ref random, segments);
        float radius = random.Between(0.55f, 1.55f);
        float ink = random.Between(150f, 255f);
        StrokeRenderer.Draw(segments[..count], radius, ink, levels);
        Clutter(ref random, levels);
        float noise = MostNoise * random.Next();
        for (int i = 0; i < levels.Length; i++)
        {
            image[i] = (byte)Math.Clamp(levels[i] + noise * random.Bell() + 0.5f, 0f, 255f);
        }
    }

    /// <summary>In a third of the images, one or two short marks that belong to no digit.</summary>
    private static void Clutter(ref KeyedStream random, Span<float> levels)
    {
        int marks = Math.Max(0, random.Below(6) - 3);
        for (int i = 0; i < marks; i++)
        {
            float x = random.Between(0, Side - 1), y = random.Between(0, Side - 1);
            var mark = new Segment(x, y, x + random.Around(4), y + random.Around(4));
            StrokeRenderer.Draw([mark], random.Between(0.3f, 0.9f), random.Between(60f, 200f), levels);
        }
    }

    private static ulong Key(RandomPurpose purpose, int number)
    {
        ulong set = KeyedRandom.Key(SetSeed, (ulong)RandomDomain.Strokes);
        return KeyedRandom.Key(KeyedRandom.Key(set, (ulong)purpose), (ulong)number);
    }

    private enum RandomPurpose : ulong { Label = 1, Image = 2 }
}
