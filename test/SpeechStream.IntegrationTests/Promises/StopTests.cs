using System.Diagnostics;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Promises;

public abstract class StopTests : BothServices
{
    private protected StopTests(SpeechService service)
        : base(service)
    {
    }

    // Many times the stop time-out of these tests, and yet far below what a hang would take.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(15);

    [Theory]
    [MemberData(nameof(FaultData.All), MemberType = typeof(FaultData))]
    public async Task StopAsync_returns_in_time_whatever_the_network_does(Fault fault)
    {
        await using var line = await Line.OpenAsync(options => (options.StopTimeout, options.MaxReconnectAttempts) = (TimeSpan.FromMilliseconds(300), 1000));
        await using var session = await line.Client.StartSessionAsync();
        await session.Audio.WriteAsync(Speech.Noise(1.9));
        line.Proxy.Inflict(fault);

        var begun = Stopwatch.GetTimestamp();
        var summary = await session.StopAsync().Within();

        Stopwatch.GetElapsedTime(begun).Should().BeLessThan(Generous);
        (summary.AudioFinalized + summary.AudioLost).Should().Be(summary.AudioWritten).And.Be(TimeSpan.FromSeconds(1.9));
        if (!summary.Drained)
        {
            // Real time would have taken longer than the stop time-out.
            summary.Error.Should().BeOfType<SpeechConnectionException>();
            summary.AudioLost.Should().BePositive();
        }

        await session.DisposeAsync().AsTask().Within();
        await line.QuietAsync();
    }

    [Fact]
    public async Task A_missing_completion_is_a_connection_error_without_a_retry()
    {
        await using var line = await Line.ScriptedAsync("""{"completed":false}""", options => options.StopTimeout = TimeSpan.FromMilliseconds(200));
        await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);

        await session.FeedAsync(Speech.Noise(1));

        var (events, error) = await session.Events.OutcomeAsync().Within();
        error.Should().BeOfType<SpeechConnectionException>().Which.IsTransient.Should().BeFalse();
        events.Select(e => e.GetType()).Should().Equal(typeof(TranscriptionStarted), typeof(ChannelClosed));
        line.Gateway.AcceptedConnections.Should().Be(1);
        var summary = await session.Completion.Within();
        summary.Drained.Should().BeFalse();
        summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task StopAsync_returns_in_time_while_still_connecting()
    {
        await using var line = await Line.OpenAsync(options => (options.StopTimeout, options.MaxReconnectAttempts) = (TimeSpan.FromMilliseconds(200), 1000));
        line.Proxy.Refuse();
        await using var session = line.Client.CreateSession();
        await session.Audio.WriteAsync(Speech.Noise(1));
        var starting = session.StartAsync();

        var summary = await session.StopAsync().Within();

        summary.Drained.Should().BeFalse();
        summary.AudioLost.Should().Be(TimeSpan.FromSeconds(1));
        (await FluentActions.Awaiting(() => starting.Within()).Should().ThrowAsync<SpeechConnectionException>()).Which.Should().BeSameAs(summary.Error);
    }
}

public sealed class StopTestsWithNls() : StopTests(SpeechService.Nls);

public sealed class StopTestsWithDashScope() : StopTests(SpeechService.DashScope);
