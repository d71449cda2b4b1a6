using DistTrain.Core.Datasets;
using DistTrain.Core.Sampling;

namespace DistTrain.Runtime.Tests.Training;

/// <summary>
/// Points around one centre per class; augmentation, when asked for, shifts by a keyed amount.
/// </summary>
internal sealed class ToyDataset(int features, int classes, int train, int validation, int test) : IDataset
{
    public string Name => "toy";
    public SampleShape Shape => SampleShape.Vector(features);
    public int Classes => classes;
    public ISampleSet Train { get; } = new Points(features, classes, 0, train);
    public ISampleSet? Validation { get; } =
        validation > 0 ? new Points(features, classes, train, validation) : null;
    public ISampleSet? Test { get; } =
        test > 0 ? new Points(features, classes, train + validation, test) : null;
    public string ContentHash => "toy";

    public void Dispose() { }

    private sealed class Points(int features, int classes, int first, int count) : ISampleSet
    {
        public int Count => count;

        public void Gather(ReadOnlySpan<int> indices, AugmentationKey? augmentation, MicroBatch batch)
        {
            batch.Count = indices.Length;
            for (int i = 0; i < indices.Length; i++)
            {
                ulong sample = (ulong)(first + indices[i]);
                int label = (int)(sample % (ulong)classes);
                ulong noise = KeyedRandom.Key(99, sample);
                float shift = augmentation is { } key ? ShiftOf(key, sample) : 0;
                batch.Labels.Span[i] = label;
                Span<float> x = batch.Inputs.Slice((long)i * features, features);
                for (int f = 0; f < features; f++)
                {
                    float centre = f % classes == label ? 0.5f : 0;
                    x[f] = KeyedRandom.Uniform(noise, (ulong)f) - 0.5f + centre + shift;
                }
            }
        }

        private static float ShiftOf(AugmentationKey key, ulong sample)
        {
            ulong epochKey = KeyedRandom.Key((ulong)key.Seed, (ulong)key.Epoch);
            return KeyedRandom.Uniform(KeyedRandom.Key(epochKey, sample), 0) * 0.1f;
        }
    }
}
