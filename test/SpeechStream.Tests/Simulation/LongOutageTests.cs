namespace SpeechStream.Tests.Simulation;

public sealed class LongOutageTests
{
    [Fact]
    public void After_an_outage_longer_than_the_window_a_live_session_is_soon_up_to_date_again()
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
