using System.Net;
using System.Text.RegularExpressions;
using DistTrain.Api;
using DistTrain.Containers.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.Containers.Tests;

/// <summary>The live page of a coordinator in a container, asked for from outside.</summary>
public sealed partial class PageTests(References references, ITestOutputHelper output)
    : ContainerTest(references, output)
{
    [SkippableFact]
    public async Task The_page_is_in_the_image_and_asks_nobody_else()
    {
        ContainerCluster cluster = await StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Http };
        using HttpResponseMessage index = await http.GetAsync("/");
        string text = await index.Content.ReadAsStringAsync();
        Skip.If(index.StatusCode == HttpStatusCode.NotFound, text);
        index.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        string policy = string.Join(' ', index.Headers.GetValues("Content-Security-Policy"));
        policy.ShouldStartWith("default-src 'none'; script-src 'self';");
        policy.ShouldContain("connect-src 'self'");

        string[] addresses = [.. Address().Matches(text).Select(match => match.Groups[1].Value)];
        addresses.ShouldAllBe(address => address.StartsWith("/page/"));
        string script = addresses.Where(address => address.EndsWith(".js")).ShouldHaveSingleItem();
        (string kind, string program) = await GetAsync(http, script);
        kind.ShouldBe("text/javascript; charset=utf-8");
        program.ShouldContain(ApiRoutes.Root, customMessage: "it is the program that asks the API");
        (kind, _) = await GetAsync(http, addresses.Single(address => address.EndsWith(".css")));
        kind.ShouldBe("text/css; charset=utf-8");
    }

    [SkippableFact]
    public async Task The_API_behind_it_wants_the_token()
    {
        ContainerCluster cluster = await StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Http };
        string address = $"{ApiRoutes.Root}/{ApiRoutes.Cluster}";
        (await http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = new("Bearer", cluster.Token + "x");
        (await http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = new("Bearer", cluster.Token);
        (string kind, string view) = await GetAsync(http, address);
        kind.ShouldBe("application/json; charset=utf-8");
        view.ShouldContain("\"nodes\"");
    }

    private static async Task<(string Kind, string Text)> GetAsync(HttpClient http, string address)
    {
        using HttpResponseMessage answer = await http.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return (answer.Content.Headers.ContentType!.ToString(), await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Address();
}
