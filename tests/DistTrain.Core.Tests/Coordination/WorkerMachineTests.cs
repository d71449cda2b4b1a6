using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

public class WorkerMachineTests
{
    private static readonly ActorId Self = new("worker-0");
    private static readonly ActorId Coordinator = new("coordinator");
    private readonly List<Effect> _effects = [];

    [Fact]
    public void An_order_first_acquires_its_weights_then_computes_one_shard_at_a_time()
    {
        WorkerMachine machine = Machine();
        Handle(machine, new ComputeGradients(0, new ShardRange(0, 2))).ShouldBe([new AcquireWeights(0)]);
        Handle(machine, new WeightsAcquired(0)).ShouldBe([new ComputeShard(0, 0, 0)]);
        Handle(machine, Done(0, 0)).ShouldBe([new ComputeShard(0, 1, 1)]);
        IReadOnlyList<Effect> last = Handle(machine, Done(0, 1));
        last[0].ShouldBe(new AddGradients(0, 1));
        SubtreeReady ready = Sent<SubtreeReady>(last[1]);
        ready.Node.ShouldBe(new ShardRange(0, 2));
        ready.Buffer.ShouldBe(0);
        ready.Shards.Select(shard => shard.LossSum).ShouldBe([0.0, 1.0]);
        last.Count.ShouldBe(2);
    }

    [Fact]
    public void A_whole_tree_of_eight_shards_needs_four_buffers()
    {
        WorkerMachine machine = Machine(shards: 8, batch: 8);
        List<Effect> all = RunToIdle(machine, new ComputeGradients(0, new ShardRange(0, 8)));
        all.OfType<ComputeShard>().Select(compute => compute.Buffer).Max().ShouldBe(3);
        all.OfType<AddGradients>().Count().ShouldBe(7);
        all.OfType<Send>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_range_that_is_no_node_sends_one_subtree_each_from_buffers_of_their_own()
    {
        WorkerMachine machine = Machine(shards: 8, batch: 8);
        SubtreeReady[] sent = [.. RunToIdle(machine, new ComputeGradients(0, new ShardRange(3, 8)))
            .OfType<Send>().Select(send => (SubtreeReady)send.Message)];
        sent.Select(ready => ready.Node).ShouldBe([new ShardRange(3, 4), new ShardRange(4, 8)]);
        sent.Select(ready => ready.Buffer).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Shards_without_samples_are_neither_computed_nor_sent()
    {
        // 20 samples in batches of 8: the third batch holds 4, over 8 shards every other one is empty.
        WorkerMachine machine = Machine(shards: 8, batch: 8);
        List<Effect> all = RunToIdle(machine, new ComputeGradients(2, new ShardRange(0, 8)));
        all.OfType<ComputeShard>().Count().ShouldBe(4);
        Sent<SubtreeReady>(all.Last()).Shards.Count(shard => shard.Count > 0).ShouldBe(4);
    }

    [Fact]
    public void A_newer_step_overtakes_between_two_shards_and_what_was_under_way_is_forgotten()
    {
        WorkerMachine machine = Machine();
        Handle(machine, new ComputeGradients(0, new ShardRange(0, 4)));
        Handle(machine, new WeightsAcquired(0));
        Handle(machine, new ComputeGradients(1, new ShardRange(0, 1))).ShouldBeEmpty();
        Handle(machine, Done(0, 0)).ShouldBe([new AcquireWeights(1)]);
        Handle(machine, new WeightsAcquired(1)).ShouldBe([new ComputeShard(1, 0, 0)]);
        SubtreeReady ready = Sent<SubtreeReady>(Handle(machine, Done(1, 0)).ShouldHaveSingleItem());
        ready.Step.ShouldBe(1);
    }

    [Fact]
    public void An_order_for_an_older_step_is_dropped()
    {
        WorkerMachine machine = Machine();
        RunToIdle(machine, new ComputeGradients(3, new ShardRange(0, 1)));
        Handle(machine, new ComputeGradients(2, new ShardRange(0, 4))).ShouldBeEmpty();
        Handle(machine, new EvaluateChunks(2, DataSplit.Test, new ShardRange(0, 1))).ShouldBeEmpty();
    }

    [Fact]
    public void A_second_order_for_the_same_step_keeps_published_buffers_untouched()
    {
        WorkerMachine machine = Machine();
        List<Effect> first = RunToIdle(machine, new ComputeGradients(0, new ShardRange(0, 2)));
        int published = Sent<SubtreeReady>(first.Last()).Buffer;
        List<Effect> second = RunToIdle(machine, new ComputeGradients(0, new ShardRange(2, 4)));
        second.OfType<ComputeShard>().ShouldAllBe(compute => compute.Buffer != published);
    }

    [Fact]
    public void An_order_that_comes_again_while_its_shards_are_under_way_computes_nothing_twice()
    {
        WorkerMachine machine = Machine();
        Handle(machine, new ComputeGradients(0, new ShardRange(0, 2)));
        Handle(machine, new WeightsAcquired(0)).ShouldBe([new ComputeShard(0, 0, 0)]);
        Handle(machine, new ComputeGradients(0, new ShardRange(0, 2))).ShouldBeEmpty();
        Handle(machine, new ComputeGradients(0, new ShardRange(1, 2))).ShouldBeEmpty();
        Handle(machine, Done(0, 0)).ShouldBe([new ComputeShard(0, 1, 1)]);
        Handle(machine, Done(0, 1)).OfType<Send>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    public void A_published_subtree_that_is_asked_for_again_is_published_again_from_its_buffer(
        int start, int end)
    {
        WorkerMachine machine = Machine();
        List<Effect> first = RunToIdle(machine, new ComputeGradients(0, new ShardRange(0, 4)));
        Handle(machine, new ComputeGradients(0, new ShardRange(start, end))).ShouldHaveSingleItem()
            .ShouldBe(first.Last(), "the whole subtree that holds them");
    }

    [Fact]
    public void A_larger_range_computes_only_what_was_not_computed()
    {
        WorkerMachine machine = Machine();
        RunToIdle(machine, new ComputeGradients(0, new ShardRange(0, 2)));
        List<Effect> second = RunToIdle(machine, new ComputeGradients(0, new ShardRange(0, 4)));
        second.OfType<ComputeShard>().Select(compute => compute.Shard).ShouldBe([2, 3]);
        second.OfType<Send>().Select(send => ((SubtreeReady)send.Message).Node).ShouldBe(
            [new ShardRange(0, 2), new ShardRange(2, 4)]);
    }

    [Fact]
    public void Weights_that_did_not_come_are_asked_for_again_with_the_repeated_order()
    {
        WorkerMachine machine = Machine();
        Handle(machine, new ComputeGradients(3, new ShardRange(0, 1))).ShouldBe([new AcquireWeights(3)]);
        Handle(machine, new RunTick()).ShouldBeEmpty();
        Handle(machine, new ComputeGradients(3, new ShardRange(0, 1))).ShouldBe([new AcquireWeights(3)]);
        Handle(machine, new WeightsAcquired(2)).ShouldBeEmpty("these are older ones, come late");
        Handle(machine, new WeightsAcquired(3)).ShouldBe([new ComputeShard(3, 0, 0)]);
    }

    [Fact]
    public void A_shard_that_found_newer_weights_is_not_published()
    {
        WorkerMachine machine = Machine();
        Handle(machine, new ComputeGradients(0, new ShardRange(0, 2)));
        Handle(machine, new WeightsAcquired(0));
        Handle(machine, new ShardComputed(0, 0, default)).ShouldBeEmpty();
        Handle(machine, new ComputeGradients(1, new ShardRange(0, 1))).ShouldBe([new AcquireWeights(1)]);
    }

    [Fact]
    public void Chunks_asked_for_again_are_reported_again_and_evaluated_once()
    {
        WorkerMachine machine = Machine();
        RunToIdle(machine, new EvaluateChunks(5, DataSplit.Validation, new ShardRange(0, 2)));
        List<Effect> again = RunToIdle(
            machine, new EvaluateChunks(5, DataSplit.Validation, new ShardRange(0, 3)));
        again.OfType<EvaluateChunk>().Select(chunk => chunk.Chunk).ShouldBe([2]);
        Sent<ChunksEvaluated>(again.Last()).Results.Select(result => result.LossSum).ShouldBe([0.0, 1, 2]);
        RunToIdle(machine, new EvaluateChunks(5, DataSplit.Test, new ShardRange(0, 1)))
            .OfType<EvaluateChunk>().ShouldHaveSingleItem("the same number of another split");
    }

    [Fact]
    public void Evaluation_reports_its_chunks_in_order()
    {
        WorkerMachine machine = Machine();
        List<Effect> all = RunToIdle(machine, new EvaluateChunks(5, DataSplit.Test, new ShardRange(1, 4)));
        all.OfType<EvaluateChunk>().Select(chunk => chunk.Chunk).ShouldBe([1, 2, 3]);
        Sent<ChunksEvaluated>(all.Last()).Results.Select(result => result.LossSum).ShouldBe([1.0, 2.0, 3.0]);
    }

    [Fact]
    public void After_the_end_nothing_is_begun()
    {
        WorkerMachine machine = Machine();
        Handle(machine, new TrainingEnded(RunStatus.Completed, "done")).ShouldBeEmpty();
        Handle(machine, new ComputeGradients(0, new ShardRange(0, 4))).ShouldBeEmpty();
    }

    private static ShardComputed Done(long step, int shard) => new(step, shard, new ShardResult(shard, 0, 2));

    private static T Sent<T>(Effect effect) where T : IMessage => (T)effect.ShouldBeOfType<Send>().Message;

    private static WorkerMachine Machine(int shards = 4, int batch = 8)
    {
        JobSpec job = TestJobs.Job(batch, shards);
        return new WorkerMachine(Self, Coordinator, TestJobs.Plan(job));
    }

    private IReadOnlyList<Effect> Handle(WorkerMachine machine, IMessage message)
    {
        _effects.Clear();
        machine.Handle(message, _effects);
        return [.. _effects];
    }

    /// <summary>Performs what the machine asks for until it asks no more.</summary>
    private List<Effect> RunToIdle(WorkerMachine machine, IMessage order)
    {
        List<Effect> all = [];
        var inbox = new Queue<IMessage>([order]);
        while (inbox.TryDequeue(out IMessage? message))
        {
            foreach (Effect effect in Handle(machine, message))
            {
                all.Add(effect);
                switch (effect)
                {
                    case AcquireWeights acquire:
                        inbox.Enqueue(new WeightsAcquired(acquire.Version));
                        break;
                    case ComputeShard compute:
                        inbox.Enqueue(Done(compute.Step, compute.Shard));
                        break;
                    case EvaluateChunk chunk:
                        inbox.Enqueue(new ChunkEvaluated(
                            chunk.Version, chunk.Split, chunk.Chunk, new ShardResult(chunk.Chunk, 0, 1)));
                        break;
                    default:
                        break;
                }
            }
        }
        return all;
    }
}
