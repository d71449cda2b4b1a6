using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Images;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Images;

public sealed class ImageSampleSetTests
{
    private static readonly SampleShape Shape = SampleShape.Image(3, 9, 7);
    private static readonly AugmentSpec Both = new() { Crop = 2, Flip = true };
    private readonly ImageStore _images = RandomImages(Shape, 50);

    [Fact]
    public void Statistics_equal_a_naive_float64_pass_over_the_chosen_images_only()
    {
        int[] chosen = [.. Enumerable.Range(0, 30).Select(i => i + i / 2)];
        PixelScale scale = PixelScale.Measure(_images, chosen);
        for (int channel = 0; channel < 3; channel++)
        {
            double[] values = [.. chosen.SelectMany(i => Channel(i, channel)).Select(v => (double)v)];
            double mean = values.Average();
            double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            ((double)scale.Scale[channel]).ShouldBe(1 / deviation, 1e-9);
            ((double)scale.Shift[channel]).ShouldBe(-mean / deviation, 1e-6);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gather_equals_a_naive_float64_reference(bool standardise)
    {
        int[] all = [.. Enumerable.Range(0, 50)], selection = [3, 4, 7, 20, 21, 49];
        PixelScale scale = standardise ? PixelScale.Measure(_images, all) : PixelScale.Unit(Shape);
        var set = new ImageSampleSet(_images, selection, scale, augment: null);
        using var batch = new MicroBatch(8, Shape, 0);
        set.Gather([5, 0, 2], null, batch);
        batch.Count.ShouldBe(3);
        int[] originals = [49, 3, 7];
        for (int i = 0; i < originals.Length; i++)
        {
            batch.Labels.Span[i].ShouldBe(_images.Labels[originals[i]]);
            for (int channel = 0; channel < 3; channel++)
            {
                double[] values = [.. all.SelectMany(k => Channel(k, channel)).Select(v => (double)v)];
                double mean = values.Average();
                double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
                byte[] plane = Channel(originals[i], channel);
                for (int p = 0; p < plane.Length; p++)
                {
                    double expected = standardise ? (plane[p] - mean) / deviation : plane[p] / 255.0;
                    ((double)batch.Inputs.Span[(i * 3 + channel) * 63 + p]).ShouldBe(expected, 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Conversion_of_every_length_equals_separate_product_and_sum_to_the_bit()
    {
        byte[] values = Pixels(100);
        for (int length = 0; length <= values.Length; length++)
        {
            float[] converted = new float[length];
            PixelConverter.Convert(values.AsSpan(0, length), 0.0137f, -1.7f, converted);
            for (int i = 0; i < length; i++)
            {
                float product = values[i] * 0.0137f;
                BitConverter.SingleToInt32Bits(converted[i])
                    .ShouldBe(BitConverter.SingleToInt32Bits(product + -1.7f));
            }
        }
    }

    [Fact]
    public void Augmentation_equals_cropping_a_zero_padded_image_and_mirroring()
    {
        var set = new ImageSampleSet(_images, null, PixelScale.Unit(Shape), Both);
        using var batch = new MicroBatch(1, Shape, 0);
        for (int sample = 0; sample < 50; sample++)
        {
            var key = new AugmentationKey(5, Epoch: 3);
            ImageTransform t = ImageTransform.Draw(Both, key, sample);
            set.Gather([sample], key, batch);
            for (int i = 0; i < Shape.Length; i++)
            {
                int c = i / 63, y = i % 63 / 7, x = i % 7;
                int fromY = y + t.Down, fromX = (t.Mirror ? 6 - x : x) + t.Right;
                bool inside = fromY is >= 0 and < 9 && fromX is >= 0 and < 7;
                float expected = inside ? Channel(sample, c)[fromY * 7 + fromX] * (1 / 255f) : 0;
                batch.Inputs.Span[i].ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void Padding_is_pixel_zero_before_standardising()
    {
        var black = new ImageStore(Shape, 10, new byte[Shape.Length], [0]);
        var set = new ImageSampleSet(black, null, PixelScale.Measure(_images, [1, 2, 3]), Both);
        using MicroBatch plain = new(1, Shape, 0), cropped = new(1, Shape, 0);
        set.Gather([0], null, plain);
        set.Gather([0], new AugmentationKey(1, 1), cropped);
        cropped.Inputs.Span.ToArray().ShouldBe(plain.Inputs.Span.ToArray());
    }

    [Fact]
    public void An_augmented_sample_depends_on_seed_epoch_and_original_index_alone()
    {
        var set = new ImageSampleSet(_images, null, PixelScale.Unit(Shape), Both);
        var subset = new ImageSampleSet(_images, [10, 17, 33], PixelScale.Unit(Shape), Both);
        float[] alone = Gathered(set, [17], new(1, 2), 0);
        Gathered(set, [3, 17, 5, 17], new(1, 2), 3).ShouldBe(alone);
        Gathered(subset, [0, 1], new(1, 2), 1).ShouldBe(alone);
        float[][] others =
            [.. Enumerable.Range(3, 20).Select(epoch => Gathered(set, [17], new(1, epoch), 0))];
        others.Count(other => !other.SequenceEqual(alone)).ShouldBeGreaterThan(15);
        Enumerable.Range(2, 20).Count(seed => !Gathered(set, [17], new(seed, 2), 0).SequenceEqual(alone))
            .ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Every_shift_and_both_directions_are_drawn_about_equally_often()
    {
        var key = new AugmentationKey(9, 1);
        ImageTransform[] drawn =
            [.. Enumerable.Range(0, 5000).Select(i => ImageTransform.Draw(Both, key, i))];
        foreach (int shift in Enumerable.Range(-2, 5))
        {
            drawn.Count(t => t.Down == shift).ShouldBeInRange(850, 1150);
            drawn.Count(t => t.Right == shift).ShouldBeInRange(850, 1150);
        }

        drawn.Count(t => t.Mirror).ShouldBeInRange(2350, 2650);
    }

    [Fact]
    public void Threads_gathering_at_once_get_what_one_gets()
    {
        var set = new ImageSampleSet(_images, null, PixelScale.Unit(Shape), Both);
        float[][] expected = [.. Enumerable.Range(0, 50).Select(i => Gathered(set, [i], new(1, 1), 0))];
        Parallel.For(
            0, 400, i => Gathered(set, [(i + 1) % 50, i % 50], new(1, 1), 1).ShouldBe(expected[i % 50]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gather_allocates_nothing(bool augmented)
    {
        var set = new ImageSampleSet(_images, null, PixelScale.Unit(Shape), Both);
        using var batch = new MicroBatch(4, Shape, 0);
        int[] indices = [1, 2, 3, 4];
        AugmentationKey? key = augmented ? new(1, 1) : null;
        set.Gather(indices, key, batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        set.Gather(indices, key, batch);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_batch_that_does_not_fit_and_an_index_outside_are_refused()
    {
        var set = new ImageSampleSet(_images, null, PixelScale.Unit(Shape), augment: null);
        using MicroBatch small = new(1, Shape, 0), other = new(4, SampleShape.Image(1, 9, 7), 0);
        Should.Throw<ArgumentOutOfRangeException>(() => set.Gather([1, 2], null, small));
        Should.Throw<ArgumentOutOfRangeException>(() => set.Gather([50], null, small));
        Should.Throw<ArgumentOutOfRangeException>(() => set.Gather([-1], null, small));
        Should.Throw<ArgumentException>(() => set.Gather([1], null, other));
    }

    private static float[] Gathered(ImageSampleSet set, int[] indices, AugmentationKey key, int position)
    {
        using var batch = new MicroBatch(indices.Length, Shape, 0);
        set.Gather(indices, key, batch);
        return batch.Inputs.Slice((long)position * Shape.Length, Shape.Length).ToArray();
    }

    private byte[] Channel(int index, int channel) => _images.Image(index).Slice(channel * 63, 63).ToArray();
}
