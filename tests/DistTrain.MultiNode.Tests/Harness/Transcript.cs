using System.Diagnostics;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>All that the nodes and the test said, in the order in which it was heard.</summary>
internal sealed class Transcript
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly List<Said> _lines = [];
    private readonly List<(Func<Said, bool> Wanted, TaskCompletionSource<Said> Heard)> _waiting = [];

    /// <summary>How much was said; what is waited for from here on is said later.</summary>
    public int Position
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    public void Add(string who, string text)
    {
        var said = new Said(_clock.Elapsed, who, text);
        lock (_lock)
        {
            _lines.Add(said);
            foreach ((_, TaskCompletionSource<Said> heard) in
                _waiting.Where(one => one.Wanted(said)).ToArray())
            {
                heard.TrySetResult(said);
            }

            _waiting.RemoveAll(one => one.Heard.Task.IsCompleted);
        }
    }

    /// <summary>Everything one node has said.</summary>
    public IReadOnlyList<string> Of(string who)
    {
        lock (_lock)
        {
            return [.. _lines.Where(said => said.Who == who).Select(said => said.Text)];
        }
    }

    /// <summary>Waits until a node has said a line with this in it.</summary>
    /// <param name="from">Lines before this position do not count.</param>
    public async Task<string> WhenSaidAsync(string who, string text, int from = 0)
        => (await WhenAsync(
            said => said.Who == who && said.Text.Contains(text, StringComparison.Ordinal), from)
            .OrFail($"{who} says \"{text}\"")).Text;

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _lines);
        }
    }

    private Task<Said> WhenAsync(Func<Said, bool> wanted, int from)
    {
        lock (_lock)
        {
            if (_lines.Skip(from).FirstOrDefault(wanted) is { } before)
            {
                return Task.FromResult(before);
            }

            var heard = new TaskCompletionSource<Said>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, heard));
            return heard.Task;
        }
    }

    private sealed record Said(TimeSpan At, string Who, string Text)
    {
        public override string ToString() => $"{At.TotalSeconds,8:0.000} {Who,-12} | {Text}";
    }
}
