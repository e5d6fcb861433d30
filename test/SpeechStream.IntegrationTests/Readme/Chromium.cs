using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace SpeechStream.IntegrationTests.Readme;

/// <summary>The Chromium of this machine, with a microphone that beeps, where every name of a host leads to one server. A test is skipped where there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float Limit = 180_000; // ms; generous, like every limit of a test

    private static readonly string[] Programs = ["chromium", "google-chrome", "google-chrome-stable"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync(WebApplication server)
    {
        var program = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .SelectMany(folder => Programs.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"No Chromium on the path ({string.Join(", ", Programs)}): on Debian, apt-get install chromium.");

        var playwright = await Playwright.CreateAsync();
        try
        {
            var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = program,
                Timeout = Limit,
                Args =
                [
                    $"--host-resolver-rules=MAP * {new Uri(server.Urls.Single()).Authority}",
                    "--no-proxy-server",
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                ],
            });
            return new(playwright, browser);
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>A page of somebody who has signed in.</summary>
    public async Task<IPage> OpenAsync(string address)
    {
        var context = await _browser.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        context.SetDefaultTimeout(Limit);
        await context.AddCookiesAsync([new() { Name = Browser.Cookie, Value = "somebody", Url = address }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
