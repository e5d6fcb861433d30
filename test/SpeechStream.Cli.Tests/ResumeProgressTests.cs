using System.Text.Json.Nodes;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>The bar of all recordings counts what an earlier run has transcribed.</summary>
public sealed class ResumeProgressTests : ServedTests
{
    [Theory]
    [InlineData("complete")]
    [InlineData("all of it is final")]
    [InlineData("2 sentences are final")]
    public async Task It_is_full_at_the_end(string first)
    {
        foreach (var number in Enumerable.Range(1, 2))
        {
            using var recording = Recording.Wave(10, number);
            File.WriteAllBytes(In($"{number}.wav"), recording.Content);
        }

        (await RunAsync(new CommandLine().Surroundings, In("1.wav"))).Should().Be(0);
        if (first != "complete")
        {
            Interrupt(In("1.speechstream.json"), first == "2 sentences are final" ? 2 : int.MaxValue);
        }

        // Bars are drawn at each line of text, the last one when the last final has come.
        var command = new CommandLine { ErrorWidth = 100 };
        var clock = new ManualTimeProvider();
        using var output = new OutputThatTakesTime(clock);
        (await RunAsync(command.Surroundings with { Clock = clock, Output = output }, In("1.wav"), In("2.wav"))).Should().Be(0);

        command.ErrorLines.Last(line => line.Contains(" of 2 done ")).Should().EndWith(" of 2 done              ████████████████████ 00:20 of 00:20");
    }

    /// <summary>Makes of the checkpoint of a complete run that of one that was killed.</summary>
    private static void Interrupt(string checkpoint, int finals)
    {
        var content = JsonNode.Parse(File.ReadAllText(checkpoint))!;
        var channel = content["channels"]![0]!;
        channel["isComplete"] = false;
        channel["finals"] = new JsonArray([.. channel["finals"]!.AsArray().Take(finals).Select(final => final!.DeepClone())]);
        File.WriteAllText(checkpoint, content.ToJsonString());
    }

    private Task<int> RunAsync(Surroundings surroundings, params string[] files) =>
        SpeechStreamCommand.RunAsync(["transcribe", .. files, "--resume", "-j", "1", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max"], surroundings, TestContext.Current.CancellationToken);

    private sealed class OutputThatTakesTime(ManualTimeProvider clock) : StringWriter
    {
        public override void WriteLine(string? value) => clock.Advance(TimeSpan.FromMilliseconds(500));
    }
}
