using System.Text.Json;
using DistTrain.Api;
using DistTrain.Containers.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.Containers.Tests;

/// <summary>docker/compose.yaml as it is, with the image and a user outside of all containers.</summary>
public sealed class ComposeTests(References references, ITestOutputHelper output)
    : ContainerTest(references, output)
{
    private const int Workers = 4;
    private const string Submitted = "submitted as ";
    private readonly ITestOutputHelper _output = output;

    [SkippableFact]
    public async Task A_cluster_by_compose_gives_the_bits_of_one_process()
    {
        ComposeProject.Needed();
        string hash = HashOf(MnistJob.Short);
        using var project = new ComposeProject(Workers);
        using var workspace = new Workspace();
        string job = workspace.Write("job.json", MnistJob.Short.ToJson());
        long start = Now();
        project.Up("coordinator", "worker");
        await WhenReadyAsync(project);
        using ProgramRun submitted = Disttrain.Start(
            workspace, "job", "submit", job, "--watch", "--server", $"{project.Http}",
            "--token-file", project.TokenFile.Path, "--settings", "none");
        string said = submitted.WaitForLine(line => line.StartsWith(Submitted, StringComparison.Ordinal));
        JobView view = (await project.Client.JobAsync(said[Submitted.Length..]))!;
        var transcript = new Transcript();
        await using var run = new WatchedJob(project.Client, view, transcript);
        await run.ReachAsync(1);
        Tell("from compose up to the first finished step", start);
        await run.EndAsync(hash);
        ProgramResult result = submitted.Wait();
        result.ExitCode.ShouldBe(0, result.Errors);
        result.Output.ShouldContain(hash);
        (await project.Client.ClusterAsync()).Nodes.Count.ShouldBe(Workers);
        _output.WriteLine($"{transcript}\n{project.Logs()}");
    }

    [SkippableFact]
    public async Task Prometheus_by_compose_scrapes_every_node_with_the_token_and_has_the_rules()
    {
        NeedContainers();
        ComposeProject.Needed();
        using var project = new ComposeProject(Workers);
        project.Up("coordinator", "worker", "prometheus");
        using var http = new HttpClient { BaseAddress = project.Prometheus };

        await WhenAsync("""up{job="disttrain-coordinator"} == 1""", 1);
        await WhenAsync("""up{job="disttrain-worker"} == 1""", Workers);
        await WhenAsync($$"""sum(disttrain_members{state="alive"}) == {{Workers}}""", 1);
        JsonElement[] rules = await Patience.UntilAsync("the rules were evaluated", async () =>
        {
            JsonElement[] all =
            [
                .. (await AskAsync("rules")).GetProperty("groups").EnumerateArray()
                    .SelectMany(group => group.GetProperty("rules").EnumerateArray()),
            ];
            return all.All(rule => rule.GetProperty("health").GetString() != "unknown") ? all : null;
        });
        rules.Select(rule => rule.GetProperty("name").GetString()).ShouldContain("DistTrainCoordinatorDown");
        rules.ShouldAllBe(rule => rule.GetProperty("health").GetString() == "ok");

        Task WhenAsync(string query, int series) => Patience.UntilAsync(query, async () =>
        {
            try
            {
                JsonElement found = await AskAsync($"query?query={Uri.EscapeDataString(query)}");
                return found.GetProperty("result").GetArrayLength() == series ? query : null;
            }
            catch (HttpRequestException)
            {
                return null; // it is still starting
            }
        });

        async Task<JsonElement> AskAsync(string what)
            => JsonElement.Parse(await http.GetStringAsync($"/api/v1/{what}")).GetProperty("data");
    }

    [SkippableFact]
    public void Compose_without_a_token_file_says_what_is_missing_and_starts_nothing()
    {
        NeedContainers();
        ComposeProject.Needed();
        using var project = new ComposeProject(Workers);
        ProgramResult result = project.TryUpWithoutVariables();
        result.ExitCode.ShouldNotBe(0);
        result.Errors.ShouldContain("name the file with the token of the cluster");
        project.Logs().ShouldBe("");
    }

    /// <summary>A user would look until the coordinator says that it takes jobs.</summary>
    private static Task WhenReadyAsync(ComposeProject project)
        => Patience.UntilAsync("the coordinator is ready", async () =>
        {
            try
            {
                await project.Client.ClusterAsync();
                return "ready";
            }
            catch (Core.DistTrainException)
            {
                return null;
            }
        });
}
