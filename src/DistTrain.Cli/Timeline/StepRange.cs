using System.Globalization;
using DistTrain.Core;

namespace DistTrain.Cli.Timeline;

/// <summary>Steps from the first to the last, both included.</summary>
internal readonly record struct StepRange(long First, long Last)
{
    /// <summary>"A..B", "A..", "..B" or "A"; null: nothing was said.</summary>
    /// <exception cref="UserFaultException">It is none of these.</exception>
    public static StepRange? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        int dots = text.IndexOf("..", StringComparison.Ordinal);
        string first = dots < 0 ? text : text[..dots];
        string last = dots < 0 ? text : text[(dots + 2)..];
        bool sane = (first.Length > 0 || last.Length > 0)
            & IsNumber(first, 0, out long from) & IsNumber(last, long.MaxValue, out long to);
        return sane && from <= to
            ? new StepRange(from, to)
            : throw new UserFaultException(
                $"--steps: {text} is no range of steps; give one such as 100..120, or 100.. or ..120");
    }

    public bool Contains(long step) => step >= First && step <= Last;

    private static bool IsNumber(string text, long missing, out long number)
    {
        number = missing;
        return text.Length == 0
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
