using DistTrain.Cli.Nodes;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Terminal;

namespace DistTrain.Cli.Tests.Nodes;

public sealed class DeviceWaitTests
{
    private readonly List<string> _notices = [];
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_device_that_is_there_is_not_spoken_of()
    {
        await Wait([null]).UntilThereAsync(CancellationToken.None);
        _notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reason_is_said_once_and_the_device_is_taken_when_it_comes()
    {
        Task waiting = Wait("no driver", "no driver", "no card", null)
            .UntilThereAsync(CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            waiting.IsCompleted.ShouldBeFalse();
            _time.Advance(DeviceWait.Pause);
        }
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        _notices.ShouldBe(
            [
                "not ready: no driver; looking again every 15 s",
                "not ready: no card; looking again every 15 s", "the device is there now",
            ]);
    }

    [Fact]
    public async Task A_worker_that_waits_can_be_told_to_go()
    {
        using var stop = new CancellationTokenSource();
        Task waiting = Wait("no driver").UntilThereAsync(stop.Token);
        stop.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Answers one after the other; the last one again and again.</summary>
    private DeviceWait Wait(params string?[] answers)
    {
        int next = 0;
        return new DeviceWait(
            _ => Task.FromResult(answers[Math.Min(next++, answers.Length - 1)]), _notices.Add, _time);
    }
}
