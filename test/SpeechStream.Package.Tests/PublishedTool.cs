using System.Runtime.InteropServices;

namespace SpeechStream.Package.Tests;

/// <summary>The command line, published as a program that needs no .NET, and started from a folder of its own.</summary>
public sealed class PublishedTool : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("speechstream-published-");

    /// <summary>Publishes it unless that was done before, and returns the path of the program.</summary>
    public async Task<string> PublishAsync(string form)
    {
        Assert.SkipWhen(form == "native" && Environment.GetEnvironmentVariable("SPEECHSTREAM_LONG") != "1", "Compiles for a minute or more: set SPEECHSTREAM_LONG=1.");
        Assert.SkipWhen(form == "native" && !Command.HasLinker(), "No clang or gcc here, which native compilation links with.");
        var program = Path.Combine(_root.FullName, form, "SpeechStream.Cli");
        if (!File.Exists(program))
        {
            string[] settings = form == "native" ? ["-p:PublishAot=true"] : ["--self-contained", "-p:PublishTrimmed=true", "-p:PublishSingleFile=true"];
            // With folders of its own for what is restored and built, because others use those of the sources at the same time.
            await RunAsync(
                "dotnet",
                ["publish", Path.Combine(Feed.Metadata("Source"), "SpeechStream.Cli"), "-r", RuntimeInformation.RuntimeIdentifier, .. settings,
                    "--artifacts-path", Path.Combine(_root.FullName, "artifacts-" + form), "-o", Path.GetDirectoryName(program)!]);
        }

        return program;
    }

    /// <summary>What <c>transcribe</c> prints for raw audio that it sends to <c>gateway</c>, each run by the published program.</summary>
    public async Task<string> TranscribeAsync(string form, byte[] audio, string recognizer, string format)
    {
        var program = await PublishAsync(form);
        var recording = Path.Combine(_root.FullName, "audio.pcm");
        await File.WriteAllBytesAsync(recording, audio);
        await using var gateway = new Command(program, ["gateway", "--port", "0", "--recognizer", recognizer], Surroundings);
        var ready = await gateway.FirstLineAsync();
        ready.Should().StartWith("READY ");
        return await RunAsync(
            program, ["transcribe", recording, "--endpoint", ready!["READY ".Length..], "--app-key", "any", "--token", "any", "--speed", "max", "--format", format]);
    }

    /// <summary>What <c>doctor --json</c> prints about the gateway of the published program.</summary>
    public async Task<string> ExamineAsync(string form)
    {
        var program = await PublishAsync(form);
        await using var gateway = new Command(program, ["gateway", "--port", "0"], Surroundings);
        return await RunAsync(program, ["doctor", "--json", "--endpoint", (await gateway.FirstLineAsync())!["READY ".Length..]]);
    }

    /// <summary>What <c>fleet run</c> makes of raw audio, as JSON lines, and what <c>fleet status</c> says then.</summary>
    public async Task<(string Transcript, string Status)> RunFleetAsync(string form, byte[] audio)
    {
        var (program, folder) = (await PublishAsync(form), Directory.CreateDirectory(Path.Combine(_root.FullName, "fleet-" + form)).FullName);
        var fleet = $"sqlite:{Path.Combine(folder, "fleet.db")}";
        await File.WriteAllBytesAsync(Path.Combine(folder, "audio.pcm"), audio);
        await using var gateway = new Command(program, ["gateway", "--port", "0"], Surroundings);
        var endpoint = (await gateway.FirstLineAsync())!["READY ".Length..];
        await RunAsync(program, ["fleet", "run", folder, "--fleet", fleet, "--endpoint", endpoint, "--speed", "max", "--format", "jsonl"]);
        return (await File.ReadAllTextAsync(Path.Combine(folder, "audio.jsonl")), await RunAsync(program, ["fleet", "status", "--json", "--fleet", fleet]));
    }

    /// <summary>Writes a script into a file, and returns its path.</summary>
    public async Task<string> WriteScriptAsync(string json)
    {
        var file = Path.Combine(_root.FullName, "script.json");
        await File.WriteAllTextAsync(file, json);
        return file;
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<string> RunAsync(string program, string[] arguments) => Command.RunAsync(program, arguments, Surroundings);

    private CommandSurroundings Surroundings => new(_root.FullName, new() { ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" });
}
