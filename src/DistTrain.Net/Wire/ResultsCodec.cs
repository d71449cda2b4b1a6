using DistTrain.Core.Engine;
using static DistTrain.Net.Wire.WireLimits;

namespace DistTrain.Net.Wire;

/// <summary>Results of shards and of chunks: sums that keep their bits, counts, and times.</summary>
internal static class ResultsCodec
{
    public static Proto.Results ToWire(IReadOnlyList<ShardResult> results)
    {
        var wire = new Proto.Results();
        wire.LossSum.Capacity = wire.Correct.Capacity = wire.Count.Capacity = results.Count;
        bool hasSquares = false, hasTimes = false;
        for (int i = 0; i < results.Count; i++)
        {
            wire.LossSum.Add(results[i].LossSum);
            wire.Correct.Add(results[i].Correct);
            wire.Count.Add(results[i].Count);
            hasSquares |= BitConverter.DoubleToInt64Bits(results[i].GradientSquares) != 0;
            hasTimes |= results[i].Timing != default;
        }
        for (int i = 0; hasSquares && i < results.Count; i++)
        {
            wire.GradientSquares.Add(results[i].GradientSquares);
        }
        for (int i = 0; hasTimes && i < results.Count; i++)
        {
            wire.StartTicks.Add(Ticks(results[i].Timing.Start));
            wire.DurationTicks.Add(Ticks(results[i].Timing.Duration));
        }
        return wire;
    }

    /// <summary>
    /// Losses and squares may be anything, infinite and not-a-number included: a run may diverge.
    /// </summary>
    public static ShardResult[] FromWire(Proto.Results wire, int expected)
    {
        Between(expected, expected, wire.LossSum.Count);
        Between(expected, expected, wire.Correct.Count);
        Between(expected, expected, wire.Count.Count);
        bool hasSquares = wire.GradientSquares.Count > 0;
        Between(hasSquares ? expected : 0, expected, wire.GradientSquares.Count);
        bool hasTimes = wire.StartTicks.Count > 0 || wire.DurationTicks.Count > 0;
        Between(hasTimes ? expected : 0, expected, wire.StartTicks.Count);
        Between(hasTimes ? expected : 0, expected, wire.DurationTicks.Count);
        var results = new ShardResult[expected];
        for (int i = 0; i < expected; i++)
        {
            int count = Between(0, int.MaxValue, wire.Count[i]);
            results[i] = new ShardResult(wire.LossSum[i], Between(0, count, wire.Correct[i]), count)
            {
                GradientSquares = hasSquares ? wire.GradientSquares[i] : 0,
                Timing = hasTimes
                    ? new ShardTiming(TimeTaken(wire.StartTicks[i]), TimeTaken(wire.DurationTicks[i]))
                    : default,
            };
        }
        return results;
    }

    /// <summary>A clock's odd hour is no reason to lose a link.</summary>
    public static long Ticks(TimeSpan time) => Math.Clamp(time.Ticks, 0, TimeSpan.TicksPerDay);
}
