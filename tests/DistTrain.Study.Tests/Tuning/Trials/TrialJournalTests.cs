using DistTrain.Core;
using DistTrain.Study.Tests.Tuning.Execution;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tests.Tuning.Trials;

public sealed class TrialJournalTests
{
    private static readonly Trial Sample = new()
    {
        Index = 3,
        Point = [0.123456789012345],
        Values = ["0.0316228"],
        Status = TrialStatus.GivenUp,
        Curve = [0.5, null, 0.75],
        Value = 0.75,
        Steps = 30,
        Seconds = 1.5,
        Reason = "a \"reason\", with all sorts\nof things",
        RunDirectory = "runs/x-1",
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var search = new Searches();
        using (TrialJournal journal = TrialJournal.Open(search.Folder, search.Identity()))
        {
            journal.Earlier.ShouldBeEmpty();
            journal.Append(Sample);
        }

        using TrialJournal again = TrialJournal.Open(search.Folder, search.Identity());
        Trial read = again.Earlier.ShouldHaveSingleItem();
        read.Point.ShouldBe(Sample.Point);
        read.Values.ShouldBe(Sample.Values);
        read.Curve.ShouldBe(Sample.Curve);
        (read with { Point = Sample.Point, Values = Sample.Values, Curve = Sample.Curve }).ShouldBe(Sample);
    }

    [Fact]
    public void A_crash_at_any_byte_costs_the_last_trial_at_most()
    {
        using var search = new Searches();
        using (TrialJournal journal = TrialJournal.Open(search.Folder, search.Identity()))
        {
            journal.Append(Sample);
            journal.Append(Sample with { Index = 4 });
        }

        string path = Path.Combine(search.Folder, TrialJournal.FileName);
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length <= whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            int complete = whole[..length].Count(b => b == '\n');
            using TrialJournal journal = TrialJournal.Open(search.Folder, search.Identity());
            journal.Earlier.Count.ShouldBe(Math.Max(0, complete - 1));
        }
    }

    [Fact]
    public void A_job_or_space_edited_between_sessions_is_refused_with_the_difference()
    {
        using var search = new Searches();
        TrialJournal.Open(search.Folder, search.Identity()).Dispose();
        string edited = Searches.Json.Replace("9", "8", StringComparison.Ordinal);
        Refusal(search, search.Identity(edited))
            .ShouldContain("job: epochs: 9 became 8");
        SearchIdentity identity = search.Identity();
        using var other = new Searches { Space = """{ "learningRate.base": { "log": [0.001, 2] } }""" };
        Refusal(search, other.Identity())
            .ShouldContain("space: learningRate.base: log [0.001, 1] became log [0.001, 2]");
        Refusal(search, identity with { Seed = 2 }).ShouldContain("--seed: 1 became 2");
    }

    [Fact]
    public void Two_searches_do_not_write_to_one_folder()
    {
        using var search = new Searches();
        using TrialJournal first = TrialJournal.Open(search.Folder, search.Identity());
        Refusal(search, search.Identity()).ShouldContain("another search may be using it");
    }

    [Theory]
    [InlineData("rubbish\n")]
    [InlineData("{}\n")]
    [InlineData("[]\n")]
    [InlineData("{\"kind\":\"tune\",\"version\":2}\n")]
    [InlineData("{\"kind\":\"tune\",\"version\":1,\"settings\":{},\"space\":{},\"job\":{\"epochs\":-1}}\n")]
    public void A_file_that_is_no_journal_is_named(string text)
    {
        using var search = new Searches();
        File.WriteAllText(Path.Combine(search.Folder, TrialJournal.FileName), text);
        Refusal(search, search.Identity()).ShouldContain("trials.jsonl:1: ");
    }

    [Fact]
    public void A_broken_trial_in_the_middle_is_named_by_its_line()
    {
        using var search = new Searches();
        TrialJournal.Open(search.Folder, search.Identity()).Dispose();
        File.AppendAllText(Path.Combine(search.Folder, TrialJournal.FileName), "{\"trial\":1}\n");
        Refusal(search, search.Identity())
            .ShouldContain("trials.jsonl:2: it is not a trial; remove the line");
    }

    [Fact]
    public void The_table_quotes_what_would_break_it()
    {
        using var search = new Searches();
        string table = TrialTable.Write(search.Identity().Space, [Sample]);
        table.ShouldStartWith(
            "trial,status,value,epochs,steps,seconds,learningRate.base,reason,runDirectory\n"
            + "3,given-up,0.75,3,30,1.5,0.0316228,"
            + "\"a \"\"reason\"\", with all sorts\nof things\",runs/x-1\n");
    }

    private static string Refusal(Searches search, SearchIdentity identity)
        => Should.Throw<UserFaultException>(() => TrialJournal.Open(search.Folder, identity))
            .Problems.ShouldHaveSingleItem();
}
