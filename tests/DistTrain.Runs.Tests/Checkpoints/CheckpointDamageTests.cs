using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Checkpoints;

public sealed class CheckpointDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyModel _model = new TinyModel().Fill(1);
    private readonly string _path;
    private readonly byte[] _whole;

    public CheckpointDamageTests()
    {
        RunDirectory run = RunDirectory.Create(_folder.Root, "x");
        var progress = new TrainingProgress { Step = 77, EpochLossSum = 1.0 / 3, CompletedEpochs = 2 };
        _path = new CheckpointStore(run, new CheckpointSpec(1, null, 1))
            .Save(progress, _model.Tensors, "{}", false);
        _whole = File.ReadAllBytes(_path);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        for (int length = 0; length < _whole.Length; length++)
        {
            Load(_whole[..length]).ShouldBeNull($"cut to {length} bytes");
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused_or_changes_nothing()
    {
        int harmless = 0;
        for (int at = 0; at < _whole.Length; at++)
        {
            byte[] bytes = (byte[])_whole.Clone();
            bytes[at] ^= (byte)(1 << (at % 8));
            if (Load(bytes) is { } read)
            {
                // White space for white space, or one spelling of a text for another.
                harmless++;
                read.ShouldBe("77 0.3333333333333333 2 " + string.Join(' ', _model.Values), $"byte {at}");
            }
        }

        harmless.ShouldBeLessThan(10);
    }

    private string? Load(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        using var target = new TinyModel();
        try
        {
            TrainingProgress progress = CheckpointStore.Load(_path, target.Tensors).Progress;
            return $"{progress.Step} {progress.EpochLossSum:R} {progress.CompletedEpochs} "
                + string.Join(' ', target.Values);
        }
        catch (UserFaultException e)
        {
            e.Problems.ShouldHaveSingleItem().ShouldContain(_path);
            return null;
        }
    }
}
