using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Cluster;

public sealed class NodeAllocationTests
{
    private static readonly HashSet<NodeId> Nobody = [];

    [Theory]
    [InlineData(4, "0/1-9", "0:abcd", "the only job takes all it may have")]
    [InlineData(4, "0/1-2 0/1-9", "0:ab 1:cd", "what one job leaves goes to the next, beside it")]
    [InlineData(4, "0/1-2 0/3-9 0/1-9", "0:ab", "two idle ones are kept for the job that needs three")]
    [InlineData(4, "0/5-9 0/1-9", "1:abcd", "a job the cluster is too small for stands in nobody's way")]
    [InlineData(4, "0/2-9 *1/2-3", "1:a 0:bcd", "an open job that stands still comes before an earlier one")]
    [InlineData(2, "0/3-9 *1/1-9", "", "idle nodes are kept for an earlier job, a later one does not grow")]
    [InlineData(2, "*1/1-9 0/3-9", "0:ab", "an earlier open job grows before a later one opens")]
    [InlineData(2, "*1/9-9", "", "a job out of reach gets nothing")]
    [InlineData(0, "0/1-1", "", "nobody is idle")]
    public void Known_grants(int idle, string jobs, string grants, string because)
    {
        NodeId[] free = Nodes("abcdefgh"[..idle]);
        JobDemand[] demands = Demands(jobs);
        NodeId[] all = [.. free, .. demands.SelectMany(job => job.Held)];
        IEnumerable<string> given = NodeAllocation.Grant(demands, free, all)
            .OrderBy(grant => grant.Nodes[0].Name, StringComparer.Ordinal)
            .Select(grant => $"{grant.Job}:{string.Concat(grant.Nodes)}");
        string.Join(' ', given).ShouldBe(grants, because);
    }

    [Theory]
    [InlineData("*3/1-2", 0, "0.2", "beyond the maximum the last goes")]
    [InlineData("*1/2-2 *1/2-2", 0, "1.0", "of two that stand still the later gives up its nodes")]
    [InlineData("*1/2-2 *1/2-2", 1, "", "one that is idle already helps without that")]
    [InlineData("*1/3-3 *1/1-1", 0, "", "one that works does not give its node to one out of reach")]
    [InlineData("0/1-1 *1/2-2", 0, "1.0", "what a job out of reach holds goes to one that can begin")]
    [InlineData("*1/2-2 0/1-1", 0, "0.0", "even when it comes later")]
    [InlineData("0/2-2 *1/2-2 *1/1-1", 0, "", "a queued job takes nothing from an open one")]
    public void Known_surpluses(string jobs, int coming, string surplus, string because)
    {
        JobDemand[] demands = Demands(jobs);
        NodeId[] idle = Nodes("abcdefgh"[..coming]);
        NodeId[] all = [.. idle, .. demands.SelectMany(job => job.Held)];
        string.Join(' ', NodeAllocation.Surplus(demands, idle, all)).ShouldBe(surplus, because);
    }

    [Fact]
    public void Who_refused_a_run_is_not_given_to_it()
    {
        NodeId[] free = Nodes("ab");
        JobDemand job = new(new JobId("0"), true, [], 1, 9, new HashSet<NodeId> { free[0] });
        NodeAllocation.Grant([job], free, free).ShouldHaveSingleItem().Nodes.ShouldBe([free[1]]);
        NodeAllocation.Grant([job], free[..1], free[..1]).ShouldBeEmpty();
    }

    [Fact]
    public void Grants_are_those_of_the_rules_read_aloud()
        => Prop.ForAll(Situations().ToArbitrary(), situation =>
        {
            (JobDemand[] jobs, NodeId[] idle, NodeId[] all) = situation;
            var given = NodeAllocation.Grant(jobs, idle, all).ToDictionary(grant => grant.Job);
            foreach ((JobId job, List<NodeId> nodes) in NaiveAllocation.Grant(jobs, idle, all))
            {
                (given.TryGetValue(job, out NodeGrant? grant) ? grant.Nodes : []).ShouldBe(nodes);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_given_twice_beyond_a_maximum_or_to_a_queued_job_short_of_its_minimum()
        => Prop.ForAll(Situations().ToArbitrary(), situation =>
        {
            (JobDemand[] jobs, NodeId[] idle, NodeId[] all) = situation;
            IReadOnlyList<NodeGrant> grants = NodeAllocation.Grant(jobs, idle, all);
            NodeId[] given = [.. grants.SelectMany(grant => grant.Nodes)];
            given.Distinct().Count().ShouldBe(given.Length);
            given.ShouldBeSubsetOf(idle);
            foreach (NodeGrant grant in grants)
            {
                JobDemand job = jobs.Single(job => job.Job == grant.Job);
                (job.Held.Count + grant.Nodes.Count).ShouldBeInRange(job.IsOpen ? 1 : job.Min, job.Max);
                grant.Nodes.ShouldNotContain(node => job.Refused.Contains(node));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Giving_up_and_granting_in_turn_comes_to_rest()
        => Prop.ForAll(Situations().ToArbitrary(), situation =>
        {
            (JobDemand[] jobs, NodeId[] idle, NodeId[] all) = situation;
            for (int round = 0; round < 100; round++)
            {
                IReadOnlyList<NodeGrant> grants = NodeAllocation.Grant(jobs, idle, all);
                NodeId[] granted = [.. grants.SelectMany(grant => grant.Nodes)];
                jobs = [.. jobs.Select(job => job with
                {
                    IsOpen = job.IsOpen || grants.Any(grant => grant.Job == job.Job),
                    Held = [.. job.Held, .. grants.Where(g => g.Job == job.Job).SelectMany(g => g.Nodes)],
                })];
                idle = [.. idle.Except(granted)];
                IReadOnlyList<NodeId> surplus = NodeAllocation.Surplus(jobs, idle, all);
                jobs = [.. jobs.Select(job => job with { Held = [.. job.Held.Except(surplus)] })];
                idle = [.. idle, .. surplus];
                if (granted.Length == 0 && surplus.Count == 0)
                {
                    return;
                }
            }
            throw new InvalidOperationException("nodes go round in circles");
        }).QuickCheckThrowOnFailure();

    private static Gen<(JobDemand[] Jobs, NodeId[] Idle, NodeId[] All)> Situations()
        => from seed in Gen.Choose(0, int.MaxValue - 1) select Situation(new Random(seed));

    private static (JobDemand[] Jobs, NodeId[] Idle, NodeId[] All) Situation(Random random)
    {
        NodeId[] all = Nodes("abcdefghij"[..random.Next(11)]);
        Queue<NodeId> left = new(all);
        JobDemand[] jobs = [.. Enumerable.Range(0, random.Next(5)).Select(number =>
        {
            bool open = random.Next(2) == 0;
            int min = random.Next(1, 6);
            int max = min + random.Next(4);
            int held = open ? Math.Min(random.Next(max + 1), left.Count) : 0;
            HashSet<NodeId> refused = open ? [.. all.Where(_ => random.Next(6) == 0)] : [];
            NodeId[] nodes = [.. Enumerable.Range(0, held).Select(_ => left.Dequeue())];
            refused.ExceptWith(nodes);
            return new JobDemand(new JobId($"{number}"), open, nodes, min, max, refused);
        })];
        return (jobs, [.. left], all);
    }

    /// <summary>"*2/1-3" is an open job that holds 2 nodes and wants 1 to 3; no star: queued.</summary>
    private static JobDemand[] Demands(string jobs) => [.. jobs.Split(' ').Select((text, number) =>
    {
        int[] figures = [.. text.TrimStart('*').Split('/', '-').Select(int.Parse)];
        NodeId[] held = [.. Enumerable.Range(0, figures[0]).Select(index => new NodeId($"{number}.{index}"))];
        return new JobDemand(
            new JobId($"{number}"), text[0] == '*', held, figures[1], figures[2], Nobody);
    })];

    private static NodeId[] Nodes(string names) => [.. names.Select(name => new NodeId($"{name}"))];
}
