using System.Runtime.CompilerServices;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Tests.Settings;

/// <summary>
/// The committed page is what the table says. After a change of the table run the tests once with
/// DISTTRAIN_ACCEPT=1, which rewrites it, and look at the difference.
/// </summary>
public sealed class SettingsPageTests
{
    [Fact]
    public void The_committed_page_is_the_tables()
    {
        string path = PagePath();
        if (Environment.GetEnvironmentVariable("DISTTRAIN_ACCEPT") == "1")
        {
            File.WriteAllText(path, SettingsPage.Write());
        }

        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(
            SettingsPage.Write(), "docs/settings.md is stale; run the tests once with DISTTRAIN_ACCEPT=1");
    }

    [Fact]
    public void Every_setting_has_names_of_its_own_a_sound_default_and_a_sentence()
    {
        IReadOnlyList<Setting> all = SettingTable.All;
        all.Select(setting => setting.Key).ShouldBeUnique();
        foreach (Setting setting in all)
        {
            setting.Help.ShouldEndWith(".", customMessage: setting.Name);
            setting.Help.ShouldNotContain("|", customMessage: setting.Name);
            (setting.Default is null || setting.Accepts(setting.Default)).ShouldBeTrue(setting.Name);
        }

        all.Single(setting => setting.IsSecret).Flag.ShouldBeNull();
        SettingTable.TlsCa.Variable.ShouldBe("DISTTRAIN_TLS_CA");
        SettingTable.TlsCa.Key.ShouldBe("tlsCa");
    }

    private static string PagePath([CallerFilePath] string here = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "settings.md"));
}
