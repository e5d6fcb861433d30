using Microsoft.Playwright;

namespace SpeechStream.Testing;

/// <summary>The Chromium of this machine. A test is skipped where there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float Limit = 180_000; // ms; generous, like every limit of a test

    private static readonly string[] Names = ["chromium", "google-chrome", "google-chrome-stable"];

    private readonly IPlaywright _playwright;
    private readonly BrowserTypeLaunchOptions _options;
    private IBrowser _browser;

    // What the driver writes then stands in the report of a run that failed, with how Chromium ended.
    static Chromium() => Environment.SetEnvironmentVariable("DEBUG", "pw:browser");

    private Chromium(IPlaywright playwright, BrowserTypeLaunchOptions options, IBrowser browser) => (_playwright, _options, _browser) = (playwright, options, browser);

    /// <param name="arguments">Arguments of its command line.</param>
    public static async Task<Chromium> StartAsync(params string[] arguments)
    {
        var program = Programs.Find(Names);
        Assert.SkipWhen(program is null, $"No Chromium on the path ({string.Join(", ", Names)}): on Debian, apt-get install chromium.");

        var options = new BrowserTypeLaunchOptions { ExecutablePath = program, Timeout = Limit, Args = ["--no-proxy-server", "--log-level=3", .. arguments] };
        var playwright = await Playwright.CreateAsync();
        try
        {
            return new(playwright, options, await playwright.Chromium.LaunchAsync(options));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Shows a page in a window of its own: nothing is kept of the pages before. A Chromium that ended by itself meanwhile, as was seen on a
    /// busy machine, is started again; one that the page ends does it each time.
    /// </summary>
    /// <param name="prepare">Is called before the page is loaded.</param>
    public async Task<IPage> OpenAsync(string address, Func<IPage, Task>? prepare = null, BrowserNewContextOptions? options = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var context = await _browser.NewContextAsync(options);
                context.SetDefaultTimeout(Limit);
                var page = await context.NewPageAsync();
                await (prepare?.Invoke(page) ?? Task.CompletedTask);
                await page.GotoAsync(address);
                return page;
            }
            catch (PlaywrightException) when (!_browser.IsConnected && attempt < 3)
            {
                await _browser.DisposeAsync();
                _browser = await _playwright.Chromium.LaunchAsync(_options);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
