using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Timeline;
using static DistTrain.Runs.Tests.Fixtures.FakeTimes;

namespace DistTrain.Runs.Tests.Timeline;

public sealed class TimelineRecorderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HandTime _time = new();
    private readonly List<string> _notices = [];

    private string LogPath => _folder["timeline.bin"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_lie_beside_each_other_however_late_they_are_told()
    {
        using (TimelineRecorder recorder = Recorder())
        {
            _time.At(Ms(100));
            recorder.OnStep(Step(0));
            _time.At(Ms(260));
            recorder.OnStep(Step(1));
            _time.At(Ms(301));
            recorder.OnStep(Step(2));
        }

        Read().Steps.Select(step => step.Begin).ShouldBe([Start, Start + Ms(100), Start + Ms(200)]);
    }

    [Fact]
    public void Evaluations_and_checkpoints_are_timed()
    {
        using (TimelineRecorder recorder = Recorder())
        {
            _time.At(Ms(100));
            recorder.OnStep(Step(0));
            recorder.OnEvaluating(1, "validation");
            _time.At(Ms(130));
            recorder.OnEpoch(null!);
            long begin = recorder.Now;
            _time.At(Ms(150));
            recorder.Saved(1, begin);
            Read().Phases.Count.ShouldBe(2, "a checkpoint brings the file up to date");
            recorder.OnEvaluating(1, "test");
            _time.At(Ms(170));
            recorder.Close();
        }

        Read().Phases.ShouldBe([
            new(TimelinePhaseKind.Evaluation, 1, Start + Ms(100), Ms(30)),
            new(TimelinePhaseKind.Checkpoint, 1, Start + Ms(130), Ms(20)),
            new(TimelinePhaseKind.Evaluation, 1, Start + Ms(150), Ms(20)),
        ]);
    }

    [Fact]
    public void A_step_without_times_is_passed_over()
    {
        using (TimelineRecorder recorder = Recorder())
        {
            recorder.OnStep(Step(0) with { Times = null });
        }

        Read().Steps.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_said_once_and_stops_nothing()
    {
        using var recorder = new TimelineRecorder(
            () => throw new RunFaultException("timeline.bin could not be written: no space"), _time,
            _notices.Add);
        recorder.OnStep(Step(0));
        recorder.Saved(1, recorder.Now);
        recorder.Close();
        _notices.ShouldBe(
            ["timeline.bin could not be written: no space; the run goes on, and its timeline has a gap"]);
    }

    [SkippableFact]
    public void A_full_disk_is_said_once_and_what_comes_after_is_recorded()
    {
        using var disk = new SmallDisk();
        string path = Path.Combine(disk.Root, "timeline.bin");
        using (var recorder = new TimelineRecorder(() => TimelineLog.Create(path), _time, _notices.Add))
        {
            string ballast = disk.FillUp();
            for (int step = 0; step < 64 * 40; step++)
            {
                recorder.OnStep(Step(step));
            }

            File.Delete(ballast);
            recorder.OnStep(Step(64 * 40));
        }

        _notices.ShouldHaveSingleItem().ShouldContain("timeline.bin could not be written");
        using FileStream file = File.OpenRead(path);
        TimelineReader.Read(file, path).Steps[^1].Step.ShouldBe(64 * 40);
    }

    private TimelineRecorder Recorder() => new(() => TimelineLog.Create(LogPath), _time, _notices.Add);

    private TimelineRecord Read()
    {
        using var file = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return TimelineReader.Read(file, LogPath);
    }
}
