using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Runs.Checkpoints;

namespace DistTrain.Runs.Tests.Checkpoints;

/// <summary>Saves one checkpoint after another until somebody kills it.</summary>
internal static class EndlessWriter
{
    public const int Count = 4_000_000;

    public static ParameterLayout Layout { get; } =
        new([new("weight", [Count], ParameterRole.Weight, 0, 0)], Count, 0);

    public static int Run(string[] args)
    {
        if (args is not [var path])
        {
            return 2;
        }

        RunDirectory run = RunDirectory.Open(path);
        var store = new CheckpointStore(run, new CheckpointSpec(1, null, 2));
        using var parameters = new NativeBuffer<float>(Count);
        for (long step = 1; step < 10_000; step++)
        {
            parameters.Span.Fill(step);
            store.Save(
                new TrainingProgress { Step = step }, new CheckpointTensors(Layout, parameters, []), "{}",
                isBest: step % 3 == 0);
            Console.WriteLine(step);
        }

        return 0;
    }
}
