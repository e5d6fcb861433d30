using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class SessionDefaultsTests : BothServices
{
    private protected SessionDefaultsTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly TranscriptionOptions Unpaced = new() { SendRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan };

    [Fact]
    public void A_session_without_options_gets_the_defaults_of_its_client()
    {
        using var session = new Simulated(configure: options => options.SessionDefaults = Unpaced);

        SentAtOnce(session).Should().Be(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_options_of_a_call_replace_the_defaults_as_a_whole()
    {
        using var session = new Simulated(configure: options => options.SessionDefaults = Unpaced, options: new() { EnableWords = true });

        SentAtOnce(session).Should().BeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void The_defaults_that_a_client_gives_are_a_copy_to_change()
    {
        using var session = new Simulated(configure: options => options.SessionDefaults = Unpaced);

        var given = session.Client.SessionDefaults;
        given.Should().Be(Unpaced);
        given.SendRate = 1;

        session.Client.SessionDefaults.Should().Be(Unpaced);
    }

    [Fact]
    public void A_client_copies_the_defaults()
    {
        var defaults = Unpaced with { };
        using var session = new Simulated(configure: options => options.SessionDefaults = defaults);

        defaults.SendRate = 1;

        session.Client.Context.Options.SessionDefaults.Should().Be(Unpaced);
    }

    [Fact]
    public async Task A_transcription_without_options_gets_the_defaults_of_its_client()
    {
        using var session = new Simulated(configure: options => options.SessionDefaults = new() { Format = AudioFormat.Wav });

        var transcribing = () => session.Client.TranscribeAsync(new MemoryStream(new byte[3_200])).GetAsyncEnumerator().MoveNextAsync().AsTask();

        await transcribing.Should().ThrowAsync<ArgumentException>().WithMessage("*no WAV header*");
    }

    // How much of 10 s is on the wire before any time has passed.
    private static TimeSpan SentAtOnce(Simulated session)
    {
        session.StartNow();
        session.Write(LossOracle.Speech(320_000, seed: 1));
        session.Settle();
        session.Session.Dispose();
        return session.Summary.AudioSent;
    }
}

public sealed class SessionDefaultsTestsWithNls() : SessionDefaultsTests(SpeechService.Nls);

public sealed class SessionDefaultsTestsWithDashScope() : SessionDefaultsTests(SpeechService.DashScope);
