using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs;

namespace DistTrain.Cluster.Tests.Store;

public sealed class JobStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new(Noon);
    private readonly StateDirectory _state;
    private readonly JobStore _store;

    public JobStoreTests()
    {
        _state = StateDirectory.Open(_folder.PathOf("state"));
        _store = new JobStore(_state, _clock);
    }

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    internal static JobSpec Job(string name = "tiny") => JobReader.Read(
        $$$"""{"name": "{{{name}}}", "model": {"preset": "mlp"}, "dataset": {"name": "mnist"}}""",
        "job.json", [], workers: 2);

    private static JobRecord Record(JobId id, JobState state = JobState.Queued, long order = 1) => new()
    {
        Id = id,
        State = state,
        Order = order,
        MinWorkers = 1,
        MaxWorkers = 8,
        Attempt = 3,
        Reason = "so it is",
    };

    private LoadedJobs Reload() => new JobStore(_state, _clock).LoadAll();

    [Fact]
    public void A_saved_job_comes_back_as_it_was()
    {
        StoredJob created = _store.Create(Job());
        StoredJob saved = _store.Save(Record(created.Id));
        StoredJob loaded = Reload().Jobs.ShouldHaveSingleItem();
        loaded.Record.ShouldBe(saved.Record);
        loaded.Times.ShouldBe(saved.Times);
        loaded.Id.ShouldBe(new JobId("tiny-1"));
        JobWriter.Write(loaded.Job).ShouldBe(JobWriter.Write(created.Job));
        _store.Find(created.Id).ShouldBe(saved);
        _store.Find(new JobId("other")).ShouldBeNull();
    }

    [Fact]
    public void The_first_running_record_dates_the_start_and_the_first_finished_one_the_end()
    {
        JobId id = _store.Create(Job()).Id;
        foreach ((JobState state, int hour) in new[]
        {
            (JobState.Queued, 1), (JobState.Running, 2), (JobState.Paused, 3), (JobState.Running, 4),
            (JobState.Completed, 5), (JobState.Completed, 6),
        })
        {
            _clock.Now = Noon.AddHours(hour);
            _store.Save(Record(id, state));
        }

        Reload().Jobs.Single().Times.ShouldBe(new JobTimes(Noon, Noon.AddHours(2), Noon.AddHours(5)));
    }

    [Fact]
    public void Jobs_come_back_in_the_order_of_submission()
    {
        JobId[] ids = [.. "cab".Select(name => _store.Create(Job(name.ToString())).Id)];
        for (int i = 0; i < ids.Length; i++)
        {
            _store.Save(Record(ids[i], order: 10 + i));
        }

        Reload().Jobs.Select(job => job.Id.Name).ShouldBe(["c-1", "a-1", "b-1"]);
    }

    [Fact]
    public void A_folder_whose_submission_was_cut_short_is_no_job_and_is_told()
    {
        StoredJob half = _store.Create(Job("half"));
        _store.Save(Record(_store.Create(Job("whole")).Id));
        Directory.CreateDirectory(Path.Combine(_state.JobsPath, "bare-1"));
        LoadedJobs loaded = Reload();
        loaded.Jobs.Select(job => job.Id.Name).ShouldBe(["whole-1"]);
        loaded.Warnings.Count.ShouldBe(2);
        loaded.Warnings[0].ShouldContain("bare-1");
        loaded.Warnings[1].ShouldContain(half.Directory.RootPath);
        _store.Create(Job("half")).Id.Name.ShouldBe("half-2");
    }

    [Fact]
    public void A_record_cut_short_while_it_was_written_leaves_the_former_one_at_every_byte()
    {
        StoredJob job = _store.Create(Job());
        _store.Save(Record(job.Id, JobState.Running));
        string file = Path.Combine(job.Directory.RootPath, "record.json");
        byte[] whole = File.ReadAllBytes(file);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(file + ".tmp", whole[..length]);
            Reload().Jobs.Single().Record!.State.ShouldBe(JobState.Running);
        }
    }

    [Fact]
    public void A_record_damaged_at_any_byte_is_a_fault_that_names_the_file()
    {
        StoredJob job = _store.Create(Job());
        _store.Save(Record(job.Id));
        string file = Path.Combine(job.Directory.RootPath, "record.json");
        byte[] whole = File.ReadAllBytes(file);
        for (int length = 0; length < whole.Length - 2; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Should.Throw<UserFaultException>(Reload).Message.ShouldContain(file);
        }
    }

    [Fact]
    public void Every_damaged_file_is_told_at_once()
    {
        string[] files = [.. new[] { "a", "b" }.Select(name =>
        {
            StoredJob job = _store.Create(Job(name));
            _store.Save(Record(job.Id));
            return job.Directory.RootPath;
        })];
        File.WriteAllText(Path.Combine(files[0], "record.json"), "{}");
        File.WriteAllText(Path.Combine(files[1], "job.json"), "{");
        var fault = Should.Throw<UserFaultException>(Reload);
        fault.Problems.ShouldContain(problem => problem.Contains(files[0]));
        fault.Problems.ShouldContain(problem => problem.Contains(files[1]));
    }

    [Fact]
    public void A_record_of_another_job_or_of_a_later_format_is_refused()
    {
        StoredJob job = _store.Create(Job());
        _store.Save(Record(job.Id));
        string file = Path.Combine(job.Directory.RootPath, "record.json");
        string text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace("\"tiny-1\"", "\"tiny-2\""));
        Should.Throw<UserFaultException>(Reload).Message.ShouldContain("tiny-2");
        File.WriteAllText(file, text.Replace("\"format\": 1", "\"format\": 2"));
        Should.Throw<UserFaultException>(Reload).Message.ShouldContain("newer version");
    }
}
