using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Tests.Simulation.Faults;

/// <summary>Machines and hosts with one thing wrong each; every one of them must be found out.</summary>
internal static class Mutations
{
    public static IReadOnlyDictionary<string, Mutation> All { get; } = new Dictionary<string, Mutation>
    {
        ["takes gradients of another step for those of this one"] = new ForgetsVersions(),
        ["commits with a subtree missing"] = new OnReduction(sources => sources.Take(sources.Count - 1)),
        ["counts a subtree twice"] = new OnReduction(sources => sources.Prepend(sources[0])),
        ["applies an update twice"] = new OnRun<ApplyUpdate>(update => [update, update]),
        ["saves progress that is ahead of its tensors"] = new OnRun<SaveCheckpoint>(
            save => [save with { Progress = save.Progress with { Step = save.Progress.Step + 1 } }]),
        ["forgets a validation when it saves"] = new OnRun<SaveCheckpoint>(save => [save with
        {
            Progress = save.Progress with { Validations = [.. save.Progress.Validations.SkipLast(1)] },
        }]),
        ["speaks after its end"] = new OnRun<Finish>(finish => [finish, new Notice("still here")]),
        ["never lets a leaving worker go"] = new OnRun<WorkerReleased>(_ => []),
        ["leaves a lost worker's shards with it"] = new Deaf<WorkerLost>(),
        ["never asks again"] = new Deaf<RunTick>(),
        ["computes on whatever weights are there"] = new TakesAny(),
        ["acts before its record is on disk"] = new PersistsLast(),
        ["begins an attempt under the number of the last"] = new CountsNoAttempts(),
        ["gives a node away before it was released"] = new ReleasesTooEarly(),
        ["starts a worker beside the one that has not stopped"] = new StartsBeside(),
        ["trusts a torn checkpoint"] = new TrustsTorn(),
        ["resumes from an older checkpoint"] = new ResumesOld(),
    };

    private sealed class ForgetsVersions : Mutation
    {
        public override IMessage? ToRun(IMessage message, CoordinatorMachine machine)
            => message is SubtreeReady ready ? ready with { Step = machine.Progress.Step } : message;
    }

    private sealed class OnRun<T>(Func<T, Effect[]> change) : Mutation where T : Effect
    {
        public override IEnumerable<Effect> FromRun(List<Effect> effects)
            => effects.SelectMany(effect => effect is T one ? change(one) : [effect]);
    }

    private sealed class OnReduction(Func<IReadOnlyList<GradientSource>, IEnumerable<GradientSource>> change)
        : Mutation
    {
        public override IEnumerable<Effect> FromRun(List<Effect> effects) => effects.Select(effect
            => effect is ReduceGradients reduce
                ? reduce with { Sources = [.. change(reduce.Sources)] }
                : effect);
    }

    private sealed class CountsNoAttempts : Mutation
    {
        public override IEnumerable<Effect> FromCluster(List<Effect> effects) => effects.Select(effect
            => effect is PersistJob { Job.Attempt: > 0 } persist
                ? new PersistJob(persist.Job with { Attempt = persist.Job.Attempt - 1 })
                : effect);
    }

    private sealed class Deaf<T> : Mutation where T : IMessage
    {
        public override IMessage? ToRun(IMessage message, CoordinatorMachine machine)
            => message is T ? null : message;
    }

    private sealed class TakesAny : Mutation
    {
        public override bool TakesAnyWeights => true;
    }

    private sealed class PersistsLast : Mutation
    {
        public override IEnumerable<Effect> FromCluster(List<Effect> effects)
            => effects.OrderBy(effect => effect is PersistJob);
    }

    private sealed class ReleasesTooEarly : Mutation
    {
        public override IMessage? RumourAfter(Effect effect)
            => effect is SendToNode { Message: ReleaseRun release } send
                ? new FromNode(send.Session, new RunReleased(release.Run))
                : null;
    }

    private sealed class StartsBeside : Mutation
    {
        public override IMessage? InsteadOf(Effect effect)
            => effect is StopWorker stop ? new WorkerStopped(stop.Run) : null;
    }

    private sealed class TrustsTorn : Mutation
    {
        public override bool IgnoresChecksums => true;
    }

    private sealed class ResumesOld : Mutation
    {
        public override bool TakesOldest => true;
    }
}
