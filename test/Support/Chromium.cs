using Microsoft.Playwright;

namespace SpeechStream.Testing;

/// <summary>The Chromium of this machine. A test is skipped where there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float Limit = 180_000; // ms; generous, like every limit of a test

    private static readonly string[] Names = ["chromium", "google-chrome", "google-chrome-stable"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <param name="arguments">Arguments of its command line.</param>
    public static async Task<Chromium> StartAsync(params string[] arguments)
    {
        var program = Programs.Find(Names);
        Assert.SkipWhen(program is null, $"No Chromium on the path ({string.Join(", ", Names)}): on Debian, apt-get install chromium.");

        var playwright = await Playwright.CreateAsync();
        try
        {
            return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Timeout = Limit, Args = ["--no-proxy-server", .. arguments] }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>A window of its own: nothing is kept of the pages before.</summary>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(Limit);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
