namespace DistTrain.Cli.Settings;

/// <summary>Our folders of the XDG Base Directory Specification.</summary>
internal static class XdgFolder
{
    /// <param name="variables">The environment.</param>
    /// <param name="variable">Names the root, e.g. XDG_STATE_HOME; it must be absolute to count.</param>
    /// <param name="below">Where the root is in the user's home otherwise, e.g. ".local/state".</param>
    public static string Of(IReadOnlyDictionary<string, string> variables, string variable, string below)
    {
        string? given = variables.GetValueOrDefault(variable);
        string root = !string.IsNullOrEmpty(given) && Path.IsPathRooted(given)
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), below);
        return Path.Combine(root, "disttrain");
    }
}
