namespace DistTrain.Compare.Processes;

/// <summary>A process of this program that plays a part does not outlive the one that measures.</summary>
internal static class Orphans
{
    /// <summary>Ends this process when its stdin does, as it does when whoever started it dies.</summary>
    public static void EndWithStdin() => new Thread(() =>
    {
        using Stream stdin = Console.OpenStandardInput();
        byte[] ignored = new byte[16];
        while (stdin.Read(ignored) > 0)
        {
        }
        Environment.Exit(0);
    })
    { IsBackground = true, Name = "stdin" }.Start();
}
