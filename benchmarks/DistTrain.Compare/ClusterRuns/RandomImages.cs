using System.Buffers.Binary;
using DistTrain.Core.Sampling;

namespace DistTrain.Compare.ClusterRuns;

/// <summary>
/// Random images of 28×28 with random labels in the files of MNIST, in a temporary folder: what the single
/// machine and the peer are measured on, where every node of a cluster finds it. The test set, which a run
/// looks at once when it ends, is small.
/// </summary>
internal sealed class RandomImages : IDisposable
{
    private const int Side = 28, Classes = 10, TestSamples = 64;
    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;

    /// <param name="trainingSamples">Images to train on.</param>
    public RandomImages(int trainingSamples)
    {
        TrainingSamples = trainingSamples;
        string folder = Directory.CreateDirectory(Path.Combine(Folder, "mnist")).FullName;
        Write(folder, "train", trainingSamples, 1);
        Write(folder, "t10k", TestSamples, 2);
    }

    /// <summary>For a node's --data.</summary>
    public string Folder { get; } =
        Directory.CreateTempSubdirectory("disttrain-bench-data-").FullName;

    public int TrainingSamples { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Write(string folder, string split, int count, ulong seed)
    {
        byte[] pixels = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)KeyedRandom.Word(seed, (ulong)i);
        }
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)KeyedRandom.Below(KeyedRandom.Key(seed, Classes), (ulong)i, Classes);
        }
        Write(Path.Combine(folder, $"{split}-images-idx3-ubyte"), [ImagesMagic, count, Side, Side], pixels);
        Write(Path.Combine(folder, $"{split}-labels-idx1-ubyte"), [LabelsMagic, count], labels);
    }

    private static void Write(string path, int[] head, byte[] data)
    {
        using FileStream file = File.Create(path);
        byte[] number = new byte[sizeof(int)];
        foreach (int field in head)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, field);
            file.Write(number);
        }
        file.Write(data);
    }
}
