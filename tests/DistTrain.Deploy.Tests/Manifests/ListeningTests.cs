using System.Net;
using DistTrain.Api;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>The coordinator itself, as its pod runs it; ports and folders are the test's own.</summary>
public sealed class ListeningTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("disttrain-pod-").FullName;

    [SkippableTheory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    public async Task A_coordinator_on_every_address_answers_the_probes(string everywhere)
    {
        Skip.If(everywhere[0] == '[' && !System.Net.Sockets.Socket.OSSupportsIPv6, "there is no IPv6 here");
        var listening = new TaskCompletionSource<CoordinatorAddresses>();
        using var stop = new CancellationTokenSource();
        Task node = new NodeLauncher().RunCoordinatorAsync(
            SettingsOfPod(everywhere), _ => { }, addresses => listening.SetResult(addresses), stop.Token);
        try
        {
            await (await Task.WhenAny(listening.Task, node).WaitAsync(Patience));
            int port = (await listening.Task).Http.Port;
            string host = everywhere[0] == '[' ? "[::1]" : "127.0.0.1";
            using var client = new HttpClient { Timeout = Patience };

            foreach (string route in (string[])[ApiRoutes.Live, ApiRoutes.Ready])
            {
                using HttpResponseMessage answer = await client.GetAsync($"http://{host}:{port}{route}");
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await node.WaitAsync(Patience);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CoordinatorSettings SettingsOfPod(string everywhere)
    {
        Overlay rendered = Overlay.Of("gpu");
        var variables = new Dictionary<string, string>(PodEnvironment.Of(rendered, rendered.Coordinator))
        {
            [SettingTable.State.Variable] = Path.Combine(_folder, "state"),
            [SettingTable.Data.Variable] = _folder,
        };
        foreach (Setting address in (Setting[])[SettingTable.Listen, SettingTable.Http])
        {
            variables[address.Variable].ShouldStartWith("0.0.0.0:");
            variables[address.Variable] = everywhere;
        }

        EffectiveSettings settings = SettingsReader.Read(
            new Dictionary<Setting, string>(), SettingsFile.None, variables, _folder);
        return CoordinatorSettings.From(settings, _folder);
    }
}
