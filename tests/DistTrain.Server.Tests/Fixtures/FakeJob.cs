using System.Text;
using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Server.Tests.Fixtures;

/// <summary>A job of the fake: its view, its events, what it leaves behind.</summary>
public sealed class FakeJob(JobView view)
{
    private readonly Lock _gate = new();
    private readonly List<JobEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobView View { get; set; } = view;

    public string? Result { get; private set; }

    /// <summary>What was done before anybody watched.</summary>
    public List<StepMetrics> Steps { get; } = [];

    public Dictionary<JobFile, byte[]> Files { get; } = [];

    public void Tell(JobEvent part)
    {
        lock (_gate)
        {
            _events.Add(part with { Sequence = _events.Count + 1, Time = DateTimeOffset.UnixEpoch });
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void TellNotice(string text) => Tell(new JobEvent(0, default) { Notice = text });

    public void Finish(string result = """{"status":"completed"}""")
    {
        Files[JobFile.Summary] = Encoding.UTF8.GetBytes(result);
        lock (_gate)
        {
            Result = result;
            Tell(new JobEvent(0, default) { Result = result });
        }

        View = View with { State = JobState.Completed };
    }

    public async Task<JobEvent?> EventAsync(int index, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (index < _events.Count)
                {
                    return _events[index];
                }

                if (Result is not null)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }
}
