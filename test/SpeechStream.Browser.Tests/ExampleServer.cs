using System.Diagnostics;
using System.Reflection;

namespace SpeechStream.Browser.Tests;

/// <summary>The example LiveCaptions as a process of its own, which can be killed and started again at the same port.</summary>
internal sealed class ExampleServer : IAsyncDisposable
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0/");

    private readonly string _recognizer;
    private Process _process;

    private ExampleServer(Uri address, string recognizer, Process process) => (Address, _recognizer, _process) = (address, recognizer, process);

    public Uri Address { get; }

    public static string Examples { get; } = Path.GetFullPath(Metadata("Examples")); // Chromium opens no path with dots

    public static string Program => Path.Combine(Examples, "LiveCaptions", "bin", Metadata("Configuration"), "net10.0", "LiveCaptions.dll");

    /// <param name="recognizer"><c>digest</c>, or the path of a script.</param>
    public static async Task<ExampleServer> StartAsync(string recognizer = "digest")
    {
        var (process, address) = await RunAsync(AnyPort, recognizer);
        return new(address, recognizer, process);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Within("the server's death");
    }

    public async Task RestartAsync()
    {
        _process.Dispose();
        (_process, _) = await RunAsync(Address, _recognizer);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static async Task<(Process Process, Uri Address)> RunAsync(Uri address, string recognizer)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--urls", address.ToString(), "--recognizer", recognizer]) { RedirectStandardOutput = true };
        foreach (var name in new[] { "NLS_APP_KEY", "NLS_TOKEN", "ALIYUN_AK_ID", "ALIYUN_AK_SECRET" })
        {
            start.Environment.Remove(name);
        }

        var process = Process.Start(start)!;
        try
        {
            for (string? line; (line = await process.StandardOutput.ReadLineAsync().Within("the server to listen")) is not null;)
            {
                if (line.Split("Now listening on: ") is [_, var listening])
                {
                    address = new Uri(listening);
                }
                else if (line.Contains("Application started", StringComparison.Ordinal))
                {
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                    return (process, address);
                }
            }

            throw new InvalidOperationException("The example ended before it listened.");
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    private static string Metadata(string key) => typeof(ExampleServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
