using System.Diagnostics;
using System.Reflection;

namespace SpeechStream.Browser.Tests;

/// <summary>The example LiveCaptions as a process of its own, which can be killed and started again at the same port.</summary>
internal sealed class ExampleServer : IAsyncDisposable
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0/");

    private readonly string _program;
    private readonly string _recognizer;
    private Process _process;

    private ExampleServer(Uri address, string program, string recognizer, Process process) => (Address, _program, _recognizer, _process) = (address, program, recognizer, process);

    public Uri Address { get; }

    public static string Examples { get; } = Path.GetFullPath(Metadata("Examples")); // Chromium opens no path with dots

    public static string Configuration { get; } = Metadata("Configuration");

    public static string Program => Path.Combine(Examples, "LiveCaptions", "bin", Configuration, "net10.0", "LiveCaptions.dll");

    /// <param name="recognizer"><c>digest</c>, or the path of a script.</param>
    /// <param name="program">Another copy of the example; null for the one that was built.</param>
    public static async Task<ExampleServer> StartAsync(string recognizer = "digest", string? program = null)
    {
        program ??= Program;
        var (process, address) = await RunAsync(AnyPort, program, recognizer);
        return new(address, program, recognizer, process);
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
        (_process, _) = await RunAsync(Address, _program, _recognizer);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static async Task<(Process Process, Uri Address)> RunAsync(Uri address, string program, string recognizer)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.ToString(), "--recognizer", recognizer]) { RedirectStandardOutput = true };
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
