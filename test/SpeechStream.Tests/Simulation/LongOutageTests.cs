namespace SpeechStream.Tests.Simulation;

public abstract class LongOutageTests : BothServices
{
    private protected LongOutageTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void A_live_session_catches_up_soon_after_a_long_outage()
    {
        var isDown = false;
        using var session = new Simulated(
            () => new Fate { Refused = isDown },
            options =>
            {
                options.MaxReconnectAttempts = 1000;
                options.ReconnectDelay = TimeSpan.FromSeconds(1);
                options.ReplayWindow = TimeSpan.FromSeconds(10);
            });
        var begun = session.Clock.GetTimestamp();
        _ = session.Start();
        Speak(5);
        isDown = true;
        session.Service.Connections[^1].Break();
        Speak(120);
        isDown = false;

        Speak(60);

        var late = session.Clock.GetElapsedTime(begun) - session.Events.OfType<SentenceEnd>().Last().Time;
        late.Should().BeLessThan(TimeSpan.FromSeconds(5));
        session.Events.OfType<Reconnected>().Should().ContainSingle();

        void Speak(int seconds)
        {
            for (var frame = 0; frame < 10 * seconds; frame++)
            {
                session.Session.TryWriteAudio(LossOracle.Speech(3200, seed: frame));
                session.Advance(seconds: 0.1);
            }
        }
    }
}

public sealed class LongOutageTestsWithNls() : LongOutageTests(SpeechService.Nls);

public sealed class LongOutageTestsWithDashScope() : LongOutageTests(SpeechService.DashScope);
