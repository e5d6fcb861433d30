using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SpeechStream.Benchmarks.Load;

/// <summary>Starts a client in a process of its own and waits for what it tells.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Why a kind of client can't run here; null when it can.</summary>
    public static string? WhyNot(ClientKind kind) => kind switch
    {
        ClientKind.Node when !Directory.Exists(Path.Combine(Clients, "node_modules")) => $"the vendor's Node client isn't installed: npm ci --prefix {Path.GetRelativePath(".", Clients)}",
        ClientKind.Node => Probe("node", "--version"),
        _ => null,
    };

    public static async Task<ClientResult> RunAsync(ClientKind kind, Trial trial, Uri endpoint)
    {
        string[] load = [trial.IsPaced ? "realtime" : "unpaced", $"{trial.Sessions}", $"{trial.Amount}", endpoint + trial.Query];
        var start = kind switch
        {
            ClientKind.Node => Command("node", [Path.Combine(Clients, "node.js"), .. load]),
            _ => ServiceProcess.ThisProgram([ClientRun.Argument, $"{kind}", .. load]),
        };
        start.RedirectStandardOutput = true;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{kind} didn't start.");
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<ClientResult>(output)!
                : throw new InvalidOperationException($"{kind} failed in '{trial.Name}' with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Beside the sources, where the installed client is, and not beside the program.</summary>
    private static string Clients { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var clients = Path.Combine(folder.FullName, "Load", "Clients");
            if (File.Exists(Path.Combine(clients, "node.js")))
            {
                return clients;
            }
        }

        return from;
    }

    private static ProcessStartInfo Command(string name, params string[] arguments) => new(name, arguments);

    private static string? Probe(string name, params string[] arguments)
    {
        try
        {
            var start = Command(name, arguments);
            (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"'{name} {string.Join(' ', arguments)}' failed";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{name} isn't installed";
        }
    }
}
