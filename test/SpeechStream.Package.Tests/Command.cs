using System.Diagnostics;

namespace SpeechStream.Package.Tests;

/// <summary>Where a program runs.</summary>
public sealed record CommandSurroundings(string Folder, Dictionary<string, string> Environment);

/// <summary>A program that runs until it ends by itself, or is disposed of.</summary>
public sealed class Command : IAsyncDisposable
{
    private readonly Process _process;

    public Command(string program, string[] arguments, CommandSurroundings surroundings)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = surroundings.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in surroundings.Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Whether native compilation finds what it links with.</summary>
    public static bool HasLinker() => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));

    /// <summary>The first line of its output.</summary>
    public Task<string?> FirstLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Runs a program to its end and returns its output; fails the test when it fails.</summary>
    public static async Task<string> RunAsync(string program, string[] arguments, CommandSurroundings surroundings)
    {
        await using var command = new Command(program, arguments, surroundings);
        var errors = command._process.StandardError.ReadToEndAsync();
        var output = await command._process.StandardOutput.ReadToEndAsync();
        await command._process.WaitForExitAsync();
        Assert.True(command._process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {command._process.ExitCode}:\n{output}\n{await errors}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
