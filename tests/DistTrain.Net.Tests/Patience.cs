namespace DistTrain.Net.Tests;

/// <summary>How long a test waits for what must happen: long enough that only a hung test meets it.</summary>
internal static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);
}
