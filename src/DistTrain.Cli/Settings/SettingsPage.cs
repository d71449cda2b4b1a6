using System.Text;

namespace DistTrain.Cli.Settings;

/// <summary>The reference page docs/settings.md, from the table that everything else comes from.</summary>
internal static class SettingsPage
{
    private const string Introduction =
        """
        # Settings of nodes and clients

        <!-- Generated from src/DistTrain.Cli/Settings/SettingTable.cs; a test compares. -->

        A coordinator, a worker and the commands that talk to a cluster are told where they are and how to
        behave in four ways. The strongest wins, setting by setting:

        1. an option on the command line, `--token-file FILE`;
        2. an environment variable, `DISTTRAIN_TOKEN_FILE=FILE`; an empty one counts as not set;
        3. the settings file, `{"tokenFile": "FILE"}`;
        4. the default.

        The settings file is the first of these that there is: the one that `--settings FILE` names, the one
        that `DISTTRAIN_SETTINGS` names, `disttrain.settings.json` in the working folder,
        `$XDG_CONFIG_HOME/disttrain/settings.json` (without that variable,
        `~/.config/disttrain/settings.json`). Files are not mixed, and `--settings none` reads none. A path in
        a settings file is meant from where the file lies, elsewhere from the working folder.

        `disttrain settings` prints every value and where it came from, and so does a node on stderr when it
        starts. A secret is never shown. What is wrong anywhere (an unknown key, a variable that begins with
        `DISTTRAIN_` and means nothing, a value of another kind or out of range) is refused, one line a fault,
        all at once, with exit code 2, also where something stronger hides it.

        `disttrain train` and `disttrain data` know none of this but `DISTTRAIN_DATA`. `DISTTRAIN_NATIVE`
        names the native library, and is no setting either.

        ## The table

        | Setting | Variable | Key | Value | Default | Meaning |
        |---|---|---|---|---|---|

        """;

    private const string Rules =
        """

        ## What belongs together

        - The token comes from `token-file`, or from `token`, which no option sets: other users of a machine
          can read command lines. Where both are given, the one from the stronger source holds; both from one
          source are refused. A token file holds one line, and only its owner may read it (`chmod 600`).
        - `tls-cert` and `tls-key` go together.
        - An address of `listen` or `http` that others on the network can reach needs a token, or `insecure`.
        - `heartbeat` < `suspect-after` < `remove-after`.

        """;

    public static string Write()
    {
        var page = new StringBuilder(Introduction);
        foreach (Setting setting in SettingTable.All)
        {
            string flag = setting.Flag is { } name ? $"`{name}`" : $"{setting.Name} (no option)";
            string usual = setting.Default is { } text ? $"`{text}`" : "";
            page.AppendLine(
                $"| {flag} | `{setting.Variable}` | `{setting.Key}` | {setting.Meaning} | {usual} "
                + $"| {setting.Help} |");
        }

        return page.Append(Rules).ToString().ReplaceLineEndings("\n");
    }
}
