using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SpeechStream.Testing;

/// <summary>
/// The Chromium of this machine. A test is skipped where there is none. Tests that want the same command line share a process, which ends with that of the tests; each page has a
/// context of its own, which shares nothing with others, and is closed with its test.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float Limit = 180_000; // ms; generous, like every limit of a test

    private static readonly string[] Names = ["chromium", "google-chrome", "google-chrome-stable"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<IBrowser>>> Running = new();
    private static readonly Lazy<Task<IPlaywright>> Driver = new(Playwright.CreateAsync);

    private readonly BrowserTypeLaunchOptions _options;
    private readonly string _commandLine;
    private readonly ConcurrentBag<IBrowserContext> _contexts = [];

    // What the driver writes then stands in the report of a run that failed, with how Chromium ended.
    static Chromium() => Environment.SetEnvironmentVariable("DEBUG", "pw:browser");

    private Chromium(BrowserTypeLaunchOptions options) => (_options, _commandLine) = (options, string.Join('\n', options.Args!));

    /// <param name="arguments">Arguments of its command line.</param>
    public static async Task<Chromium> StartAsync(params string[] arguments)
    {
        var program = Programs.Find(Names);
        Assert.SkipWhen(program is null, $"No Chromium on the path ({string.Join(", ", Names)}): on Debian, apt-get install chromium.");

        var chromium = new Chromium(new() { ExecutablePath = program, Timeout = Limit, Args = ["--no-proxy-server", "--log-level=3", .. arguments] });
        await chromium.Process.Value;
        return chromium;
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
            var process = Process;
            var browser = await process.Value;
            try
            {
                var context = await browser.NewContextAsync(options);
                _contexts.Add(context);
                context.SetDefaultTimeout(Limit);
                var page = await context.NewPageAsync();
                await (prepare?.Invoke(page) ?? Task.CompletedTask);
                await page.GotoAsync(address);
                return page;
            }
            catch (PlaywrightException) when (!browser.IsConnected && attempt < 3)
            {
                Running.TryRemove(new(_commandLine, process));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.DisposeAsync();
        }
    }

    private Lazy<Task<IBrowser>> Process => Running.GetOrAdd(_commandLine, _ => new(async () => await (await Driver.Value).Chromium.LaunchAsync(_options)));
}
