using DistTrain.Cluster.Store;
using DistTrain.Core;

namespace DistTrain.Cluster.Tests.Store;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string StatePath => _folder.PathOf("state");

    [Fact]
    public void The_epoch_counts_the_starts_and_the_id_stays()
    {
        var seen = new List<ClusterIdentity>();
        for (int start = 0; start < 4; start++)
        {
            using StateDirectory state = StateDirectory.Open(StatePath);
            seen.Add(state.Identity);
        }

        seen.Select(identity => identity.Epoch).ShouldBe([1L, 2, 3, 4]);
        seen.Select(identity => identity.Id).Distinct().ShouldHaveSingleItem().ShouldMatch("^[0-9a-f]{16}$");
    }

    [Fact]
    public void Two_directories_are_two_clusters()
    {
        using StateDirectory one = StateDirectory.Open(StatePath);
        using StateDirectory other = StateDirectory.Open(_folder.PathOf("other"));
        one.Identity.Id.ShouldNotBe(other.Identity.Id);
    }

    [Fact]
    public void A_second_coordinator_is_refused_and_told_who_holds_it_and_counts_no_start()
    {
        using (StateDirectory first = StateDirectory.Open(StatePath))
        {
            var fault = Should.Throw<UserFaultException>(() => StateDirectory.Open(StatePath));
            fault.Message.ShouldContain(StatePath);
            fault.Message.ShouldContain($"process {Environment.ProcessId}");
        }

        using StateDirectory next = StateDirectory.Open(StatePath);
        next.Identity.Epoch.ShouldBe(2);
    }

    [Fact]
    public void A_left_over_lock_file_of_a_killed_process_is_no_obstacle()
    {
        Directory.CreateDirectory(StatePath);
        File.WriteAllText(Path.Combine(StatePath, "lock"), "");
        File.WriteAllText(Path.Combine(StatePath, "coordinator.pid"), "4711\n");
        using StateDirectory state = StateDirectory.Open(StatePath);
        state.Identity.Epoch.ShouldBe(1);
    }

    [Fact]
    public void A_write_of_the_identity_that_was_cut_short_is_passed_over_at_every_byte()
    {
        StateDirectory.Open(StatePath).Dispose();
        string file = Path.Combine(StatePath, "cluster.json");
        byte[] whole = File.ReadAllBytes(file);
        for (int length = 0; length <= whole.Length; length++)
        {
            // What a kill leaves: the old file whole, the new one aside and torn.
            File.WriteAllBytes(file, whole);
            File.WriteAllBytes(file + ".tmp", whole[..length]);
            using StateDirectory state = StateDirectory.Open(StatePath);
            state.Identity.Epoch.ShouldBe(2);
        }
    }

    [Fact]
    public void A_damaged_identity_is_a_fault_that_names_the_file_and_lets_go_of_the_lock()
    {
        StateDirectory.Open(StatePath).Dispose();
        string file = Path.Combine(StatePath, "cluster.json");
        byte[] whole = File.ReadAllBytes(file);
        for (int length = 0; length < whole.Length - 2; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Should.Throw<UserFaultException>(() => StateDirectory.Open(StatePath)).Message.ShouldContain(file);
        }

        File.WriteAllBytes(file, whole);
        StateDirectory.Open(StatePath).Dispose();
    }

    [Fact]
    public void A_path_that_is_a_file_is_a_fault_that_names_it()
    {
        File.WriteAllText(StatePath, "");
        Should.Throw<UserFaultException>(() => StateDirectory.Open(StatePath))
            .Message.ShouldContain(StatePath);
    }
}
