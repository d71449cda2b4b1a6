using System.CommandLine;
using System.Text.Json.Nodes;
using DistTrain.Cli;
using DistTrain.Cli.Settings;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>What the pods tell the program, it understands.</summary>
public sealed class ProgramTests
{
    public static TheoryData<string> Overlays => Overlay.All;

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Every_command_line_is_one_of_the_programs(string overlay)
    {
        foreach (PodTemplate pod in Overlay.Of(overlay).Pods)
        {
            ParseResult parsed = Grammar.For(CommandContext.OfProcess(), pod.Arguments).Parse(pod.Arguments);

            CommandLineFaults.Of(parsed).ShouldBeEmpty();
            parsed.CommandResult.Command.Name.ShouldBe((string?)pod.Container["name"]);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Every_setting_is_known_to_the_node_it_is_for_and_has_a_value_it_takes(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        foreach (PodTemplate pod in rendered.Pods)
        {
            IReadOnlyList<Setting> known =
                pod == rendered.Worker ? SettingTable.WorkerNode : SettingTable.CoordinatorNode;
            IReadOnlyDictionary<string, string> variables = PodEnvironment.Of(rendered, pod);
            string[] ours = [.. variables.Keys.Where(name => name.StartsWith(Setting.VariablePrefix))];

            ours.Except(known.Append(SettingTable.Token).Select(setting => setting.Variable)).ShouldBeEmpty();
            Read(variables).Values.Count(value => value.Level == SettingLevel.Variable).ShouldBe(ours.Length);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Both_ends_are_given_the_same_token_however_its_file_ends(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);

        rendered.Pods.Select(pod => Read(PodEnvironment.Of(rendered, pod)).Get(SettingTable.Token))
            .ShouldBe(["c2VjcmV0LW9mLXRoZS10ZXN0cw==", "c2VjcmV0LW9mLXRoZS10ZXN0cw=="]);
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void The_coordinator_listens_for_other_pods_on_the_ports_it_declares(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        EffectiveSettings settings = Read(PodEnvironment.Of(rendered, rendered.Coordinator));

        settings.Get(SettingTable.Listen).ToString().ShouldBe($"0.0.0.0:{rendered.Coordinator.Port("link")}");
        settings.Get(SettingTable.Http).ToString().ShouldBe($"0.0.0.0:{rendered.Coordinator.Port("http")}");
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void What_is_written_is_written_to_volumes(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        IReadOnlyDictionary<string, string> coordinator = PodEnvironment.Of(rendered, rendered.Coordinator);
        string[] kept = ["/var/lib/disttrain", "/data"];

        kept.ShouldBe([coordinator[SettingTable.State.Variable], coordinator[SettingTable.Data.Variable]]);
        foreach (PodTemplate pod in rendered.Pods)
        {
            IReadOnlyDictionary<string, string> variables = PodEnvironment.Of(rendered, pod);
            string[] mounts =
                [.. pod.Container["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!)];
            mounts.ShouldContain(variables["HOME"]);
            mounts.ShouldContain(variables["XDG_CACHE_HOME"]);
            mounts.ShouldContain("/tmp");
            if (pod == rendered.Coordinator)
            {
                mounts.ShouldContain(kept[0]);
                mounts.ShouldContain(kept[1]);
            }
        }
    }

    /// <summary>
    /// A service called disttrain-api gives pods DISTTRAIN_API_SERVICE_HOST, which the program would refuse.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void No_service_puts_variables_of_its_own_into_a_pod(string overlay)
        => Overlay.Of(overlay).Pods.ShouldAllBe(pod => (bool?)pod.Spec["enableServiceLinks"] == false);

    private static EffectiveSettings Read(IReadOnlyDictionary<string, string> variables)
        => SettingsReader.Read(new Dictionary<Setting, string>(), SettingsFile.None, variables, "/");
}
