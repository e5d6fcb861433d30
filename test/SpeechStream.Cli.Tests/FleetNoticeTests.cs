using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>What a worker of <c>speechstream fleet</c> says when nothing happens.</summary>
public sealed class FleetNoticeTests : FolderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_worker_without_work_says_once_what_it_waits_for_unless_it_is_quiet()
    {
        await using var gateway = await LocalGateway.StartAsync();
        (await new CommandLine().RunAsync("fleet", "init", "--fleet", Database, "--quota", "2")).Should().Be(0);
        var (quiet, command) = (new CommandLine(), new CommandLine());
        using var stop = new CancellationTokenSource();
        string[] work = ["fleet", "work", "--fleet", Database, "--endpoint", gateway.Endpoint.ToString()];
        var running = Task.WhenAll(quiet.RunAsync(stop.Token, [.. work, "--quiet"]), command.RunAsync(stop.Token, work));
        SpinWait.SpinUntil(() => command.ErrorLines.Any(IsTold), Limit).Should().BeTrue();
        await stop.CancelAsync();

        (await running.WaitAsync(Limit)).Should().Equal(0, 0);
        command.ErrorLines.Count(IsTold).Should().Be(1);
        quiet.ErrorLines.Where(IsTold).Should().BeEmpty();

        static bool IsTold(string line) => line.EndsWith(" waits: no recording is queued", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_listens_the_first_failed_attempt_is_told()
    {
        using var recording = Recording.Wave(10, 1);
        var file = In("1.wav");
        File.WriteAllBytes(file, recording.Content);
        using var stop = new CancellationTokenSource();
        var command = new CommandLine();
        var running = command.RunAsync(stop.Token, "fleet", "run", file, "--fleet", Database, "--output", In("out"), "--endpoint", "ws://127.0.0.1:1/ws/v1");
        SpinWait.SpinUntil(() => command.ErrorLines.Length > 0, Limit).Should().BeTrue();
        await stop.CancelAsync();
        (await running.WaitAsync(Limit)).Should().Be(130);

        command.ErrorLines[0].Should().StartWith("speechstream: no connection yet").And.Contain("nothing listens there");
        command.ErrorLines.Should().NotContain(line => line.Contains("pauses"), "that comes half a minute later");
    }
}
