using DistTrain.Cluster.Inputs;
using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.State;
using DistTrain.Data.Loading;
using DistTrain.Runs;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Coordinator;

/// <summary>What an attempt at a job is made of.</summary>
internal sealed record OpenedRun(
    RunId Run, JobSpec Job, TrainingPlan Plan, int Classes, string Engine, TrainingState State,
    TrainingProgress Progress, RunDirectory Directory, RunFiles Files, IRunObserver Observer,
    RunInputs Inputs);

/// <summary>
/// Opens a run: reads the data once, for its arithmetic and its identity, and takes up the last checkpoint,
/// or begins afresh.
/// </summary>
internal sealed class RunOpener(CoordinatorNodeOptions options, FileShelf shelf)
{
    /// <exception cref="DistTrainException">Data, model or checkpoint are not as they must be.</exception>
    public OpenedRun Open(RunId run, StoredJob stored, IRunObserver observer)
    {
        JobRecord record = stored.Record!;
        JobSpec job = stored.Job with
        {
            Workers = new WorkersSpec(record.MinWorkers, record.MaxWorkers),
        };
        using IDataset dataset = DatasetLoader.Load(
            job.Dataset, job.Seed, options.Places, null, CancellationToken.None);
        RunInputs inputs = InputsOf(job, dataset);
        DataIdentity.Check(stored.Directory, inputs.DatasetHash);
        ModelPlan model = ModelPlanner.Plan(job.Model, dataset.Shape, Math.Max(dataset.Classes, 1));
        IEngine? engine = model.Layout is null ? options.Engine() : null;
        var state = new TrainingState(
            model.Layout ?? engine!.LayoutOf(model), OptimizerFactory.Create(job.Optimizer));
        try
        {
            TrainingPlan plan = TrainingSession.PlanOf(job, dataset);
            TrainingProgress? progress = Resume(stored.Directory, job, plan, state, observer);
            if (progress is null
                && engine?.TryReadInitialValues(model, job.Seed, state.Parameters) != true)
            {
                Initialisation.Fill(state.Layout, job.Seed, state.Parameters);
            }
            var files = new RunFiles(
                stored.Directory, job, progress, options.Time, observer.OnNotice);
            return new OpenedRun(
                run, job, plan, dataset.Classes, "cluster", state,
                progress ?? new TrainingProgress(), stored.Directory, files, observer, inputs);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static TrainingProgress? Resume(
        RunDirectory directory, JobSpec job, TrainingPlan plan, TrainingState state, IRunObserver observer)
    {
        var checkpoints = new CheckpointStore(directory, job.Checkpoint);
        return checkpoints.Saved.Count == 0
            ? null
            : new RunCourse(job, plan).TakeUp(
                checkpoints.LoadLatest(RunFiles.TensorsOf(state), observer.OnNotice).Progress);
    }

    private RunInputs InputsOf(JobSpec job, IDataset dataset) => new(
        dataset.ContentHash,
        [.. DatasetFiles.Of(job.Dataset, options.Places).Select(shelf.Offer)],
        job.Model.File is { } file ? Offer(file, job.Model) : null);

    private InputFile Offer(string file, ModelSpec model)
        => File.Exists(file) ? shelf.Offer(file)
            : throw new UserFaultException(
                $"model.{(model.Assembly is null ? "torchscript" : "assembly")}: {file} is not on the "
                + "coordinator's machine; give the full path it has there");
}
