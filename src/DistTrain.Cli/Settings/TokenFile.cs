namespace DistTrain.Cli.Settings;

/// <summary>The file with the token that coordinator, workers and clients share.</summary>
internal static class TokenFile
{
    private const int MostBytes = 4096;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The token; null where <paramref name="complain"/> was told why there is none.</summary>
    public static string? Read(string path, Action<string> complain)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            complain($"{path}: others may use it; chmod 600 {path}");
            return null;
        }

        if (new FileInfo(path).Length > MostBytes)
        {
            complain($"{path}: more than {MostBytes:N0} bytes are no token");
            return null;
        }

        string text = File.ReadAllText(path).Trim();
        if (text.Length == 0)
        {
            complain($"{path}: the file is empty; put one line with a token into it");
            return null;
        }

        if (!SettingTable.Token.Accepts(text))
        {
            complain($"{path}: a token {SettingTable.Token.Refusal(text)}");
            return null;
        }

        return text;
    }

    /// <summary>Writes a token that its owner alone may read; a file that is there is replaced.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string token)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(token + "\n");
    }
}
