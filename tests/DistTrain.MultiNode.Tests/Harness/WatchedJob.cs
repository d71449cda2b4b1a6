using System.Diagnostics;
using System.Text.Json;
using DistTrain.Api;
using DistTrain.Core.Cluster;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>
/// A job whose events are followed, across outages of its coordinator, from its first to its last.
/// </summary>
internal sealed class WatchedJob : IAsyncDisposable
{
    private readonly IClusterControl _cluster;
    private readonly Transcript _transcript;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<JobEvent> _events = [];
    private readonly List<(Func<JobEvent, bool> Wanted, TaskCompletionSource<JobEvent> Seen)> _waiting = [];
    private readonly Task _watching;

    public WatchedJob(IClusterControl cluster, JobView submitted, Transcript transcript)
    {
        (_cluster, _transcript, Id) = (cluster, transcript, submitted.Id);
        _watching = WatchAsync();
    }

    public string Id { get; }

    /// <summary>The highest version that was committed, as far as it was told.</summary>
    public long Step
    {
        get
        {
            lock (_lock)
            {
                return _events.Max(happened => happened.Step?.Step) + 1 ?? 0;
            }
        }
    }

    public IReadOnlyList<JobEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Waits for an event; those that were before count unless <paramref name="fresh"/>.</summary>
    public async Task<JobEvent> WhenAsync(string what, Func<JobEvent, bool> wanted, bool fresh = false)
    {
        Task<JobEvent> seen = NextAsync(wanted, fresh);
        await Task.WhenAny(seen, _watching).OrFail(what);
        if (!seen.IsCompleted)
        {
            await _watching;
            throw new InvalidOperationException($"the job was over before this happened: {what}");
        }

        return await seen;
    }

    /// <summary>What was said about it.</summary>
    public IEnumerable<string> Notices => Events.Select(happened => happened.Notice).OfType<string>();

    /// <summary>Waits until this was said about it.</summary>
    public Task WhenNoticedAsync(string text, bool fresh = false) => WhenAsync(
        $"\"{text}\" is said",
        happened => happened.Notice?.StartsWith(text, StringComparison.Ordinal) == true, fresh);

    /// <summary>Waits until so many steps are committed.</summary>
    public Task ReachAsync(long step)
        => WhenAsync(
            $"step {step} is committed",
            happened => happened.Step?.Step >= step - 1 || happened.Result is not null);

    /// <summary>Waits until so many steps more are committed, computed from now on.</summary>
    public Task AdvanceAsync(long steps) => ReachAsync(Step + steps);

    /// <summary>How long the next step commits after now; told, not judged.</summary>
    public async Task TellPauseAsync(string after)
    {
        long start = Stopwatch.GetTimestamp();
        await WhenAsync("a step after the fault", happened => happened.Step is not null, fresh: true);
        double pause = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Say($"{pause:0} ms from {after} to the next committed step");
    }

    /// <summary>Waits for its end, which must be a good one in these bits.</summary>
    public async Task<JobView> EndAsync(string hash)
    {
        await Task.WhenAny(_watching).OrFail($"{Id} ends");
        await _watching;
        JobView view = (await _cluster.JobAsync(Id))!;
        view.State.ShouldBe(JobState.Completed, view.Reason);
        view.WeightsSha256.ShouldBe(hash);
        JsonElement.Parse((await _cluster.ResultAsync(Id))!).GetProperty("weightsSha256").GetString()
            .ShouldBe(hash);
        return view;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _watching;
        }
        catch (Exception end) when (end is OperationCanceledException or Core.DistTrainException)
        {
            // The test is over, and its coordinator perhaps as well.
        }

        _stop.Dispose();
    }

    private Task<JobEvent> NextAsync(Func<JobEvent, bool> wanted, bool fresh)
    {
        lock (_lock)
        {
            if (!fresh && _events.Find(happened => wanted(happened)) is { } before)
            {
                return Task.FromResult(before);
            }

            var seen = new TaskCompletionSource<JobEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, seen));
            return seen.Task;
        }
    }

    private async Task WatchAsync()
    {
        await foreach (JobEvent happened in _cluster.WatchAsync(Id, 0, _stop.Token))
        {
            lock (_lock)
            {
                _events.Add(happened);
                foreach ((_, TaskCompletionSource<JobEvent> seen) in
                    _waiting.Where(one => one.Wanted(happened)).ToArray())
                {
                    seen.TrySetResult(happened);
                }

                _waiting.RemoveAll(one => one.Seen.Task.IsCompleted);
            }

            if (happened.State is { } change)
            {
                Say($"{change.State}: {change.Reason}");
            }
            else if (happened.Notice is { } notice)
            {
                Say($"{notice} (after step {Step})");
            }
        }
    }

    private void Say(string text) => _transcript.Add(Id, text);
}
