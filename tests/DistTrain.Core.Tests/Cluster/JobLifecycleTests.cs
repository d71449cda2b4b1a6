using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Core.Tests.Cluster;

public sealed class JobLifecycleTests
{
    [Theory]
    [InlineData("pause", "Paused Pausing Pausing Paused ! ! ! ! !")]
    [InlineData("resume", "Queued Running ! Queued ! ! ! ! !")]
    [InlineData("stop", "Stopped Stopping Stopping Stopped Stopping ! ! ! !")]
    [InlineData("scale", "Queued Running Pausing Paused ! ! ! ! !")]
    public void Every_command_in_every_state(string command, string outcomes)
    {
        string[] expected = outcomes.Split(' ');
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            JobRecord job = Job(state);
            (JobRecord after, CommandResult result) = command switch
            {
                "pause" => JobLifecycle.Pause(job),
                "resume" => JobLifecycle.Resume(job),
                "stop" => JobLifecycle.Stop(job),
                _ => JobLifecycle.Scale(job, 2),
            };
            string outcome = expected[(int)state];
            result.Status.ShouldBe(outcome == "!" ? CommandStatus.Conflict : CommandStatus.Done, $"{state}");
            after.State.ToString().ShouldBe(outcome == "!" ? state.ToString() : outcome);
            result.Text.ShouldStartWith("job-1 ");
            if (outcome == "!")
            {
                after.ShouldBe(job);
            }
        }
    }

    [Theory]
    [InlineData(RunStatus.Completed, "Completed Completed Completed")]
    [InlineData(RunStatus.StoppedEarly, "StoppedEarly StoppedEarly StoppedEarly")]
    [InlineData(RunStatus.Failed, "Failed Failed Failed")]
    [InlineData(RunStatus.Interrupted, "Queued Paused Stopped")]
    public void Every_end_of_a_run_that_is_running_pausing_or_stopping(RunStatus status, string outcomes)
    {
        JobState[] states = [JobState.Running, JobState.Pausing, JobState.Stopping];
        foreach ((JobState state, string outcome) in states.Zip(outcomes.Split(' ')))
        {
            JobRecord after = JobLifecycle.AfterRun(Job(state), status, "why");
            after.State.ToString().ShouldBe(outcome);
            after.Reason.ShouldBe("why");
        }
    }

    [Fact]
    public void What_a_crash_cut_off_is_queued_paused_or_stopped_and_the_rest_stays()
    {
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            JobState expected = state switch
            {
                JobState.Running => JobState.Queued,
                JobState.Pausing => JobState.Paused,
                JobState.Stopping => JobState.Stopped,
                _ => state,
            };
            JobRecord after = JobLifecycle.AfterCrash(Job(state));
            after.State.ShouldBe(expected);
            after.Order.ShouldBe(7);
            after.Attempt.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(9, 3, 9)]
    public void Scaling_sets_the_maximum_and_lowers_a_minimum_above_it(int workers, int min, int max)
    {
        JobRecord after = JobLifecycle.Scale(Job(JobState.Running), workers).Job;
        (after.MinWorkers, after.MaxWorkers).ShouldBe((min, max));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Nobody_can_be_asked_to_work_on_a_job_with_fewer_than_one(int workers)
        => JobLifecycle.Scale(Job(JobState.Running), workers).Result.Text
            .ShouldBe(
                $"job-1 cannot be scaled to {workers} workers; 1 is the least, and 'job pause' needs none");

    private static JobRecord Job(JobState state) => new()
    {
        Id = new JobId("job-1"),
        State = state,
        Order = 7,
        Attempt = 2,
        MinWorkers = 3,
        MaxWorkers = 4,
    };
}
