using Microsoft.Playwright;

namespace DistTrain.Page.Tests.Harness;

/// <summary>
/// The page in a browser of its own. What it asks of anybody but the coordinator, and what goes wrong in its
/// program, is noted, and is a fault of the page in every test.
/// </summary>
public sealed class OpenPage : IAsyncDisposable
{
    /// <summary>Fails a hung test; no test depends on how long it is.</summary>
    public const float PatienceMs = 60_000;

    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];
    private readonly Uri _address;

    private OpenPage(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.SetDefaultTimeout(PatienceMs);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                _faults.Add($"asks elsewhere: {request.Url}");
            }
        };
        page.PageError += (_, error) => _faults.Add(error);
        page.Console += (_, message) =>
        {
            // A request that fails is the browser's to log, and some tests make them fail.
            bool isRequest = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !isRequest)
            {
                _faults.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public static async Task<OpenPage> OpenAsync(
        Browser browser, Uri address, BrowserNewContextOptions? options = null, string path = "")
    {
        IBrowserContext context = await browser.NewContextAsync(options);
        var open = new OpenPage(context, await context.NewPageAsync(), address);
        await open.Page.GotoAsync(new Uri(address, path).ToString());
        return open;
    }

    /// <summary>A part of the page, by its title.</summary>
    public ILocator Panel(string title)
        => Page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    public ILocator Button(string name)
        => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A worker's card.</summary>
    public ILocator Worker(string name) => Page.Locator($".worker[data-node='{name}']");

    /// <summary>Waits until an element says this.</summary>
    public static Task SaysAsync(ILocator element, string text)
        => Assertions.Expect(element).ToContainTextAsync(text, new() { Timeout = PatienceMs });

    public static Task IsShownAsync(ILocator element)
        => Assertions.Expect(element).ToBeVisibleAsync(new() { Timeout = PatienceMs });

    public static Task IsHiddenAsync(ILocator element)
        => Assertions.Expect(element).ToBeHiddenAsync(new() { Timeout = PatienceMs });

    /// <summary>
    /// Waits until an expression is true in the page. It is asked from here again and again, for the page's
    /// policy lets nothing be evaluated in it.
    /// </summary>
    public Task UntilAsync(string expression) => Patience.UntilAsync(
        expression, async () => await Page.EvaluateAsync<bool>(expression) ? "true" : null);

    /// <summary>The page has done nothing it must not.</summary>
    public void IsBlameless() => _faults.ShouldBeEmpty($"at {_address}");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
