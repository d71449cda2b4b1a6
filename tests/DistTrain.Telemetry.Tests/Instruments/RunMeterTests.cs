using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Telemetry.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Instruments;

public sealed class RunMeterTests : IAsyncDisposable
{
    private readonly TelemetryHost _host = TestHost.Start("train");

    [Fact]
    public async Task A_step_is_told_with_all_that_is_known_of_it()
    {
        using IRunWatch run = _host.OfRun("job-1");
        run.OnStep(Step(0) with
        {
            Noise = new NoiseEstimate(null, null, 270, 3),
            Reassigned = 2,
        });
        run.OnStep(Step(1) with { Skipped = true });

        Scrape scrape = await Scrape.OfAsync(_host);

        scrape["disttrain_steps_total{job_id=\"job-1\"}"].ShouldBe(2);
        scrape["disttrain_steps_skipped_total{job_id=\"job-1\"}"].ShouldBe(1);
        scrape["disttrain_samples_total{job_id=\"job-1\"}"].ShouldBe(128);
        scrape["disttrain_shards_reassigned_total{job_id=\"job-1\"}"].ShouldBe(2);
        scrape["disttrain_loss{job_id=\"job-1\",split=\"train\"}"].ShouldBe(0.5);
        scrape["disttrain_accuracy_ratio{job_id=\"job-1\",split=\"train\"}"].ShouldBe(0.75);
        scrape["disttrain_learning_rate{job_id=\"job-1\"}"].ShouldBe(0.1);
        scrape["disttrain_batch_size{job_id=\"job-1\"}"].ShouldBe(64);
        scrape["disttrain_noise_scale{job_id=\"job-1\"}"].ShouldBe(270);
        scrape["disttrain_gradient_norm{job_id=\"job-1\"}"].ShouldBe(3);
        scrape["disttrain_step_duration_seconds_count{job_id=\"job-1\"}"].ShouldBe(2);
        scrape["disttrain_step_phase_duration_seconds_sum{job_id=\"job-1\",phase=\"reduce\"}"]
            .ShouldBe(0.004, 1e-9);
    }

    [Fact]
    public async Task What_a_step_was_for_a_worker_adds_up_to_the_step()
    {
        using IRunWatch run = _host.OfRun("job-1");
        run.OnStep(Step(0));

        Scrape scrape = await Scrape.OfAsync(_host);

        Part("compute").ShouldBe(0.010, 1e-9);
        Part("exchange").ShouldBe(0.002, 1e-9);
        Part("update").ShouldBe(0.003, 1e-9);
        Part("waiting").ShouldBe(0.005, 1e-9);

        double Part(string part) => scrape[
            $"disttrain_worker_step_duration_seconds_sum{{job_id=\"job-1\",worker=\"w1\",part=\"{part}\"}}"];
    }

    [Fact]
    public async Task Only_workers_that_are_here_have_a_pace()
    {
        using IRunWatch run = _host.OfRun("job-1");
        run.OnWorkers([Pace("w1"), Pace("w2") with { IsSlow = true }]);
        (await Scrape.OfAsync(_host))["disttrain_worker_slow{job_id=\"job-1\",worker=\"w2\"}"].ShouldBe(1);

        run.OnWorkers([Pace("w1")]);

        Scrape scrape = await Scrape.OfAsync(_host);
        scrape["disttrain_worker_shards{job_id=\"job-1\",worker=\"w1\"}"].ShouldBe(4);
        scrape.Names.ShouldNotContain(name => name.Contains("w2"));
    }

    [Fact]
    public async Task Checkpoints_and_validations_are_counted_and_timed()
    {
        using IRunWatch run = _host.OfRun("job-1");
        run.OnCheckpoint(new CheckpointMetrics(TimeSpan.FromSeconds(2), null));
        run.OnCheckpoint(new CheckpointMetrics(TimeSpan.FromSeconds(1), "no space left"));
        run.OnEvaluating(1, "validation");
        run.OnValidation(new ValidationPoint(5, 500, new EvaluationMetrics(0.25, 0.9, 100)));

        Scrape scrape = await Scrape.OfAsync(_host);

        scrape["disttrain_checkpoints_total{job_id=\"job-1\",outcome=\"written\"}"].ShouldBe(1);
        scrape["disttrain_checkpoints_total{job_id=\"job-1\",outcome=\"failed\"}"].ShouldBe(1);
        scrape["disttrain_checkpoint_duration_seconds_sum{job_id=\"job-1\"}"].ShouldBe(3);
        scrape["disttrain_evaluation_duration_seconds_count{job_id=\"job-1\"}"].ShouldBe(1);
        scrape["disttrain_loss{job_id=\"job-1\",split=\"validation\"}"].ShouldBe(0.25);
        scrape["disttrain_accuracy_ratio{job_id=\"job-1\",split=\"validation\"}"].ShouldBe(0.9);
    }

    [Fact]
    public async Task A_run_that_is_over_leaves_no_series_behind()
    {
        IRunWatch ends = _host.OfRun("job-1");
        using IRunWatch goesOn = _host.OfRun("job-2");
        ends.OnStep(Step(0));
        goesOn.OnStep(Step(0));
        ends.Dispose();

        Scrape scrape = await Scrape.OfAsync(_host);

        scrape.Names.ShouldNotContain(name => name.Contains("job-1"));
        scrape["disttrain_steps_total{job_id=\"job-2\"}"].ShouldBe(1);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using IRunWatch run = _host.OfRun("job-1");
        StepMetrics step = Step(0);
        for (int i = 0; i < 1000; i++)
        {
            run.OnStep(step);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            run.OnStep(step);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static WorkerPace Pace(string worker)
        => new(worker, 4, TimeSpan.FromMilliseconds(10), 6400, false);

    /// <summary>20 ms: 17 of them until the last subtree, 2 for the sum, 1 for the update.</summary>
    private static StepMetrics Step(long number) => new(
        number, 1, 0.5, 0.75, 0.1, 64, 3, Skipped: false, Milliseconds(20))
    {
        Times = new StepTimes(Milliseconds(17), Milliseconds(2), Milliseconds(1),
        [
            new WorkerTimes(
                "w1", Milliseconds(1), Milliseconds(13), Milliseconds(10), Milliseconds(2),
                Milliseconds(7), []),
        ]),
    };

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);
}
