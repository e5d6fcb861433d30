using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>A process of <c>speechstream fleet work</c>.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _said = new();
    private readonly Process _process;

    private WorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything that it printed.</summary>
    public IReadOnlyCollection<string> Said => _said;

    public static WorkerProcess Start(string address, Uri endpoint, int sessions, double speed, params string[] more) => new(Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            typeof(Cli.ExitCode).Assembly.Location, "fleet", "work", "--fleet", address, "--endpoint", endpoint.ToString(),
            "--sessions", sessions.ToString(CultureInfo.InvariantCulture), "--speed", speed.ToString(CultureInfo.InvariantCulture), .. more,
        ])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["DOTNET_TieredPGO"] = "0" },
    })!);

    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Freezes it, as a virtual machine is that is moved.</summary>
    public Task StopAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Asks it to end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
            await _process.WaitForExitAsync().WaitAsync(Limit);
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id.ToString(CultureInfo.InvariantCulture)}"]);
            await kill.WaitForExitAsync();
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _said.Enqueue(line);
        }
    }
}
