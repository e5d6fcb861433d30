using System.Text.Json.Nodes;

namespace SpeechStream.Cli.Tests;

/// <summary>Runs <c>speechstream doctor</c>, and looks for the secrets that it was given in all that it prints.</summary>
internal static class Doctor
{
    public const string Secret = "a-secret-value";

    /// <summary>The line of the first step that failed.</summary>
    /// <param name="exitCode">What it must end with.</param>
    /// <param name="args">Its arguments.</param>
    public static Task<string> FailureAsync(int exitCode, params string[] args) => FailureAsync(new CommandLine(), exitCode, args);

    /// <inheritdoc cref="FailureAsync(int, string[])"/>
    public static async Task<string> FailureAsync(CommandLine command, int exitCode, params string[] args)
    {
        (await command.RunAsync(["doctor", .. args])).Should().Be(exitCode, command.Output);

        command.Output.Should().NotContain(Secret).And.Contain($"(exit code {exitCode})");
        command.ErrorLines.Should().BeEmpty();
        return command.OutputLines.First(line => line.StartsWith('✗'));
    }

    /// <summary>The object that it prints.</summary>
    public static async Task<JsonNode> JsonAsync(int exitCode, params string[] args)
    {
        var command = new CommandLine();
        (await command.RunAsync(["doctor", "--json", .. args])).Should().Be(exitCode, command.Output);
        command.OutputLines.Should().ContainSingle().Which.Should().NotContain(Secret);
        command.ErrorLines.Should().BeEmpty();
        return JsonNode.Parse(command.Output)!;
    }

    /// <summary>The steps of the object, with their results.</summary>
    public static IEnumerable<string> Results(JsonNode report) => report["steps"]!.AsArray().Select(step => $"{step!["step"]} {step["result"]}");
}
