using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// A coordinator's machine driven by hand, message by message, under a clock of the test's.
/// </summary>
internal sealed class ScriptedRun(JobSpec job, TrainingPlan plan, int initialWorkers)
{
    public static readonly ActorId A = new("worker-a");
    public static readonly ActorId B = new("worker-b");
    public static readonly ActorId C = new("worker-c");

    public CoordinatorMachine Machine { get; } = new(job, plan, new TrainingProgress(), initialWorkers);

    public TimeSpan Now { get; set; }

    /// <summary>Two workers, four shards of two samples, no evaluation, the first step under way.</summary>
    public static ScriptedRun WithTwoWorkers(int shards = 4, int epochs = 1, int minWorkers = 1)
    {
        JobSpec job = TestJobs.Job(batch: 2 * shards, shards: shards, epochs: epochs, minWorkers: minWorkers);
        var run = new ScriptedRun(job, TestJobs.Plan(job, train: 8_000 * shards), initialWorkers: 2);
        run.Tell(new WorkerJoined(A, 1));
        run.Tell(new WorkerJoined(B, 1));
        return run;
    }

    public IReadOnlyList<Effect> Tell(IMessage message)
    {
        List<Effect> effects = [];
        Machine.Handle(message, Now, effects);
        return effects;
    }

    public IReadOnlyList<Effect> Tick(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Tell(new RunTick());
    }

    public IReadOnlyList<Effect> Deliver(ActorId worker, long step, int start, int end)
        => Tell(new SubtreeReady(
            worker, step, new ShardRange(start, end), 0,
            [.. Enumerable.Range(start, end - start).Select(_ => new ShardResult(2, 1, 2))]));

    /// <summary>Sum and update, up to the orders of the next step.</summary>
    public IReadOnlyList<Effect> Commit(long step)
    {
        Tell(new GradientsReduced(step, 1)).ShouldHaveSingleItem().ShouldBeOfType<ApplyUpdate>();
        return Tell(new UpdateApplied(step));
    }

    public static (ActorId To, long Step, ShardRange Shards)[] Orders(IEnumerable<Effect> effects)
        => [.. effects.OfType<Send>().Where(send => send.Message is ComputeGradients).Select(send =>
        {
            var order = (ComputeGradients)send.Message;
            return (send.To, order.Step, order.Shards);
        })];
}
