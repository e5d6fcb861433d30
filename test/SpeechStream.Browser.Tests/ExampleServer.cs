using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace SpeechStream.Browser.Tests;

/// <summary>The example LiveCaptions as a process of its own, which can be killed and started again at the same port.</summary>
internal sealed class ExampleServer : IAsyncDisposable
{
    private readonly string _recognizer;
    private Process _process;

    private ExampleServer(Uri address, string recognizer, Process process) => (Address, _recognizer, _process) = (address, recognizer, process);

    public Uri Address { get; }

    public static string Examples { get; } = Path.GetFullPath(Metadata("Examples")); // Chromium opens no path with dots

    public static string Program => Path.Combine(Examples, "LiveCaptions", "bin", Metadata("Configuration"), "net10.0", "LiveCaptions.dll");

    /// <param name="recognizer"><c>digest</c>, or the path of a script.</param>
    public static async Task<ExampleServer> StartAsync(string recognizer = "digest")
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        return new(address, recognizer, await RunAsync(address, recognizer));
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Within("the server's death");
        _process.Dispose();
    }

    public async Task RestartAsync() => _process = await RunAsync(Address, _recognizer);

    public ValueTask DisposeAsync() => new(KillAsync());

    private static async Task<Process> RunAsync(Uri address, string recognizer)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--urls", address.ToString(), "--recognizer", recognizer]) { RedirectStandardOutput = true };
        foreach (var name in new[] { "NLS_APP_KEY", "NLS_TOKEN", "ALIYUN_AK_ID", "ALIYUN_AK_SECRET" })
        {
            start.Environment.Remove(name);
        }

        var process = Process.Start(start)!;
        try
        {
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync().Within("the server to listen");
            }
            while (line?.Contains("Application started", StringComparison.Ordinal) == false);
            Assert.True(line is not null, "The example ended before it listened.");
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return process;
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Metadata(string key) => typeof(ExampleServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
