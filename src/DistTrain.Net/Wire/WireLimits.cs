using System.Runtime.CompilerServices;
using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Sharding;

namespace DistTrain.Net.Wire;

/// <summary>
/// What a field of a decoded message must look like before the rest of the program sees it. Each check gives
/// the value back or throws <see cref="ProtocolFaultException"/>. docs/PROTOCOL.md lists the same limits.
/// </summary>
internal static class WireLimits
{
    /// <summary>Characters of a name: of a node, a job, a file, a device.</summary>
    public const int NameLength = 255;

    /// <summary>
    /// Characters of a text for people. Whoever sends a longer one cuts it, for an engine's error can be
    /// long.
    /// </summary>
    public const int TextLength = 16 << 10;

    /// <summary>Characters of an effective job; the job file itself may have 1 MiB.</summary>
    public const int JobLength = 3 << 20;

    /// <summary>Input files of one run.</summary>
    public const int InputFiles = 10_000;

    /// <summary>Bytes of one piece of an input file.</summary>
    public const int PieceBytes = 64 << 20;

    public static string Cut(string text) => text.Length <= TextLength ? text : text[..TextLength];

    public static string Text(string value, [CallerArgumentExpression(nameof(value))] string field = "")
        => value.Length <= TextLength ? value : throw Fault(field, $"has {value.Length} characters");

    public static string Job(string value, [CallerArgumentExpression(nameof(value))] string field = "")
        => value.Length is > 0 and <= JobLength
            ? value : throw Fault(field, $"has {value.Length} characters");

    /// <summary>
    /// A name becomes part of lines, paths and addresses: no control character, no separator of folders.
    /// </summary>
    public static string Name(string value, [CallerArgumentExpression(nameof(value))] string field = "")
    {
        bool sane = value.Length is > 0 and <= NameLength && value is not ("." or "..")
            && value.AsSpan().IndexOfAny('/', '\\') < 0 && !value.Any(char.IsControl);
        return sane ? value : throw Fault(field, "is not a name");
    }

    /// <summary>A single line that may hold anything a device or an engine calls itself.</summary>
    public static string Label(string value, [CallerArgumentExpression(nameof(value))] string field = "")
        => value.Length <= NameLength && !value.Any(char.IsControl)
            ? value : throw Fault(field, "is not a short line");

    public static string Sha256(string value, [CallerArgumentExpression(nameof(value))] string field = "")
        => value.Length == 64 && value.All(char.IsAsciiHexDigitLower)
            ? value : throw Fault(field, "is not a SHA-256 in lower-case hex");

    public static long AtLeast(
        long least, long value, [CallerArgumentExpression(nameof(value))] string field = "")
        => value >= least ? value : throw Fault(field, $"is {value}");

    public static int Between(
        int least, int most, int value, [CallerArgumentExpression(nameof(value))] string field = "")
        => value >= least && value <= most ? value : throw Fault(field, $"is {value}");

    public static ShardRange Range(int start, int end)
        => start >= 0 && end >= start
            ? new ShardRange(start, end) : throw Fault("range", $"is [{start}, {end})");

    /// <summary>Up to a day, so that no sum of two overflows a timer.</summary>
    public static TimeSpan Duration(
        long ticks, [CallerArgumentExpression(nameof(ticks))] string field = "")
        => ticks is > 0 and <= TimeSpan.TicksPerDay ? new TimeSpan(ticks) : throw Fault(field, $"is {ticks}");

    /// <summary>Nothing at all, up to a day.</summary>
    public static TimeSpan TimeTaken(
        long ticks, [CallerArgumentExpression(nameof(ticks))] string field = "")
        => ticks is >= 0 and <= TimeSpan.TicksPerDay
            ? new TimeSpan(ticks) : throw Fault(field, $"is {ticks}");

    public static double Speed(bool given, double value)
        => given && double.IsFinite(value) && value >= 0 ? value : throw Fault("speed", $"is {value}");

    /// <summary>A power of two; a sender that knows of none scales nothing.</summary>
    public static double LossFactor(bool given, double value)
        => !given ? 1 : PowersOfTwo.IsOne(value) ? value : throw Fault("loss_factor", $"is {value}");

    /// <summary>A field that protobuf lets a sender leave out, and this protocol does not.</summary>
    public static T Present<T>(T? value, [CallerArgumentExpression(nameof(value))] string field = "")
        where T : class
        => value ?? throw Fault(field, "is missing");

    private static ProtocolFaultException Fault(string field, string problem)
        => new($"a control message is not valid: {field} {problem}");
}
