using DistTrain.Cluster.Inputs;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Worker;

/// <summary>What a worker needs before it can take orders of a run.</summary>
internal sealed record PreparedInputs(JobSpec Job, IDataset Dataset, ModelPlan Model);

/// <summary>
/// Gets a run's data and model onto this node: its own copy where it has one and it is the same, else fetched
/// from the coordinator and kept.
/// </summary>
internal sealed class RunPreparation(
    DatasetPlaces places, FileFetcher fetcher, int threads, Action<string> say)
{
    private (string Hash, DatasetSpec Spec, long Seed, IDataset Dataset)? _loaded;

    /// <exception cref="DistTrainException">This node cannot take part; the message says why.</exception>
    public async Task<PreparedInputs> PrepareAsync(
        PrepareRun order, ILink link, Action<string> notice, CancellationToken cancellation)
    {
        JobSpec job = JobReader.Read(order.JobJson, "job.json", [], workers: 1);
        if (job.Threads > threads)
        {
            throw new UserFaultException(
                $"the job wants {job.Threads} threads per worker, and this node may use {threads}; "
                + "allow it more with --threads");
        }
        IDataset dataset = await DatasetAsync(job, order.Inputs, link, notice, cancellation);
        if (order.Inputs.ModelFile is { } file)
        {
            string folder = await fetcher.FetchAsync(file.Sha256, [file], link, notice, cancellation);
            string path = InputCache.PathOf(folder, file);
            job = job with
            {
                Model = job.Model.Assembly is null
                    ? job.Model with { TorchScript = path } : job.Model with { Assembly = path },
            };
        }
        return new PreparedInputs(
            job, dataset, ModelPlanner.Plan(job.Model, dataset.Shape, Math.Max(dataset.Classes, 1)));
    }

    private async Task<IDataset> DatasetAsync(
        JobSpec job, RunInputs inputs, ILink link, Action<string> notice, CancellationToken cancellation)
    {
        if (_loaded is { } held && held.Hash == inputs.DatasetHash && held.Spec == job.Dataset
            && held.Seed == job.Seed)
        {
            return held.Dataset;
        }
        _loaded?.Dataset.Dispose();
        _loaded = null;
        DatasetSpec? own = DatasetFiles.OnThisNode(job.Dataset, places);
        DatasetSpec spec = own ?? DatasetFiles.Within(
            job.Dataset,
            await fetcher.FetchAsync(inputs.DatasetHash, inputs.DatasetFiles, link, notice, cancellation));
        IDataset dataset = DatasetLoader.Load(spec, job.Seed, places, new Relay(say), cancellation);
        if (dataset.ContentHash != inputs.DatasetHash)
        {
            throw new UserFaultException(
                $"this node's copy of {job.Dataset.Name} is not the coordinator's (its content has SHA-256 "
                + $"{dataset.ContentHash[..12]}…, the coordinator's {inputs.DatasetHash[..12]}…); "
                + "remove it and the right one is fetched, or bring the same copy");
        }
        _loaded = (inputs.DatasetHash, job.Dataset, job.Seed, dataset);
        return dataset;
    }

    private sealed class Relay(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
