namespace DistTrain.Compare.Processes;

/// <summary>The environment both sides are measured in.</summary>
internal static class Surroundings
{
    private const string Prefix = "DISTTRAIN_";
    private const string Native = "DISTTRAIN_NATIVE";

    /// <summary>
    /// One thread for every library that would take more, and no setting of the user's: what a cluster is
    /// told is on its command line.
    /// </summary>
    public static void Prepare(IDictionary<string, string?> variables)
    {
        foreach (string name in variables.Keys.Where(IsSetting).ToArray())
        {
            variables.Remove(name);
        }
        variables["OMP_NUM_THREADS"] = "1";
        variables["OPENBLAS_NUM_THREADS"] = "1";
    }

    private static bool IsSetting(string name)
        => name.StartsWith(Prefix, StringComparison.Ordinal) && name != Native;
}
