using Microsoft.Playwright;

namespace DistTrain.Page.Tests.Harness;

/// <summary>
/// One headless Chromium for all tests of the page; the system's, for nothing is downloaded here. Where there
/// is none, or Playwright's driver does not run, tests are skipped and say so.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _program;
    private string? _missing;

    public async Task InitializeAsync()
    {
        _program = Environment.GetEnvironmentVariable("DISTTRAIN_CHROMIUM")
            ?? Places.FirstOrDefault(File.Exists);
        if (_program is null)
        {
            _missing = "there is no Chromium: ./build.sh test installs it on Debian, elsewhere "
                + "DISTTRAIN_CHROMIUM names one";
            return;
        }

        try
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await LaunchAsync();
        }
        catch (Exception e) when (e is PlaywrightException or IOException
            or System.ComponentModel.Win32Exception)
        {
            _missing = $"{_program} cannot be driven: {e.Message.Split('\n')[0]}";
        }
    }

    /// <summary>A browser as a person has it who comes for the first time.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        Skip.If(_missing is not null, _missing);
        return await _browser!.NewContextAsync(options);
    }

    /// <summary>A process of its own with an empty profile; whoever asks for it ends it.</summary>
    public async Task<IBrowser> StartAnotherAsync()
    {
        Skip.If(_missing is not null, _missing);
        return await LaunchAsync();
    }

    private Task<IBrowser> LaunchAsync() => _playwright!.Chromium.LaunchAsync(
        new BrowserTypeLaunchOptions { ExecutablePath = _program, Args = Flags });

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>All tests of the page: one browser, one test at a time.</summary>
[CollectionDefinition(Name)]
public sealed class PageTests : ICollectionFixture<Browser>
{
    public const string Name = "page";
}
