using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DistTrain.Compare.Exchange;

/// <summary>
/// Times rounds from the end of one to the end of the next: an exchange that never pauses, as in training
/// whose computing costs nothing.
/// </summary>
internal sealed class ExchangeClock(int rounds)
{
    /// <summary>Code is compiled and socket buffers grow over the first rounds.</summary>
    private readonly int _warmUp = rounds / 4;

    private readonly List<long> _ends = [];

    /// <summary>A round has ended. False: it was the last.</summary>
    public bool Next()
    {
        _ends.Add(Stopwatch.GetTimestamp());
        return _ends.Count <= rounds + _warmUp;
    }

    /// <summary>The median round as a line of JSON.</summary>
    public string ToJson()
    {
        double[] sorted =
        [
            .. _ends.Skip(_warmUp).Zip(_ends.Skip(_warmUp + 1), Stopwatch.GetElapsedTime)
                .Select(round => round.TotalMilliseconds).Order(),
        ];
        return new JsonObject { ["milliseconds"] = sorted[sorted.Length / 2] }.ToJsonString();
    }
}
