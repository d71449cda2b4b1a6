using DistTrain.Compare.Processes;

namespace DistTrain.Compare.Pauses;

/// <summary>One way for a worker to go.</summary>
/// <param name="Name">For --only.</param>
/// <param name="Text">For the table.</param>
/// <param name="Timing">Of the failure detector, as arguments of the coordinator.</param>
/// <param name="Budget">What the pause may take.</param>
/// <param name="Strike">What is done to the worker.</param>
internal sealed record PauseCase(
    string Name, string Text, string[] Timing, TimeSpan Budget, Action<Child> Strike)
{
    public static IReadOnlyList<PauseCase> All { get; } =
    [
        new("pause:killed", "killed (SIGKILL), its socket closes", [], TimeSpan.FromSeconds(1),
            worker => worker.Kill()),
        new("pause:hung:1s", "hangs (SIGSTOP), removed after 1 s",
            ["--heartbeat", "100ms", "--suspect-after", "400ms", "--remove-after", "1s"],
            TimeSpan.FromSeconds(1) + Slack, worker => Signals.Freeze(worker.Id)),
        new("pause:hung:5s", "hangs (SIGSTOP), removed after 5 s (default)", [],
            TimeSpan.FromSeconds(5) + Slack, worker => Signals.Freeze(worker.Id)),
    ];

    /// <summary>Silence is looked for every 100 ms, and the step is then computed once more.</summary>
    private static TimeSpan Slack => TimeSpan.FromMilliseconds(500);
}
