using System.Net;
using System.Text.RegularExpressions;
using DistTrain.Server.Page;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Page;

/// <summary>How the live page is handed out: to everybody, whole, allowed next to nothing.</summary>
public sealed partial class PageRouteTests
{
    [SkippableFact]
    public async Task The_page_and_all_it_names_are_served_without_a_token()
    {
        await using RunningServer server = await StartAsync();
        using var http = new HttpClient { BaseAddress = server.Server.Address };
        using HttpResponseMessage page = await http.GetAsync("/");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        page.Headers.CacheControl!.NoCache.ShouldBeTrue("a new build is seen at once");
        string html = await page.Content.ReadAsStringAsync();
        Dictionary<string, string> types = new()
        {
            [".js"] = "text/javascript",
            [".css"] = "text/css",
            [".svg"] = "image/svg+xml",
        };
        string[] named = [.. Named().Matches(html).Select(match => match.Groups["name"].Value)];
        named.Select(Path.GetExtension).Order().ShouldBe([".css", ".js", ".svg"]);
        foreach (string name in named)
        {
            using HttpResponseMessage file = await http.GetAsync(name);
            file.StatusCode.ShouldBe(HttpStatusCode.OK, name);
            file.Content.Headers.ContentType!.MediaType.ShouldBe(types[Path.GetExtension(name)]);
            file.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365), "its name has its hash");
            file.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            (await file.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(100);
        }
    }

    [SkippableFact]
    public async Task Nothing_but_its_own_files_and_its_own_server_is_allowed_to_it()
    {
        await using RunningServer server = await StartAsync();
        using HttpResponseMessage page = await server.GetAsync("/");
        string[] policy = page.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self'");
        policy.ShouldContain("connect-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldAllBe(rule => !rule.Contains("unsafe") && !rule.Contains("http"));
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        string html = await page.Content.ReadAsStringAsync();
        html.ShouldNotContain("http:");
        html.ShouldNotContain("https:");
    }

    [SkippableFact]
    public async Task A_page_that_is_held_already_is_not_sent_again()
    {
        await using RunningServer server = await StartAsync();
        using HttpResponseMessage first = await server.GetAsync("/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await server.Http.SendAsync(again);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/page/none.js")]
    [InlineData("/page/..%2Fappsettings.json")]
    [InlineData("/page/")]
    [InlineData("/page/a/b")]
    public async Task What_is_no_file_of_the_page_is_not_there(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await RunningServer.ProblemAsync(await server.GetAsync(path), 404);
    }

    [SkippableFact]
    public async Task A_build_without_the_page_says_so_in_a_sentence()
    {
        Skip.IfNot(PageFiles.Built.Index is null, "this build has the page");
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await server.GetAsync("/");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        string said = await response.Content.ReadAsStringAsync();
        said.ShouldStartWith("This build of DistTrain has no live page");
    }

    private static Task<RunningServer> StartAsync()
    {
        Skip.If(PageFiles.Built.Index is null, "this build has no live page: ./build.sh page makes it");
        return RunningServer.StartAsync();
    }

    [GeneratedRegex("(src|href)=\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
