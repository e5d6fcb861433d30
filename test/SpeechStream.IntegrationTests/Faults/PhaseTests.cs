using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

/// <summary>Each thing that a network does, at each moment of a session.</summary>
public sealed class PhaseTests
{
    public enum Phase
    {
        Connecting,
        Starting,
        MidSentence,
        BetweenSentences,
        MidMessageUp,
        MidMessageDown,
        BetweenStopAndCompleted,
    }

    public static MatrixTheoryData<Fault, Phase> All => new(Enum.GetValues<Fault>(), Enum.GetValues<Phase>());

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_word_is_lost(Fault fault, Phase phase)
    {
        await using var line = await Line.OpenAsync(options =>
        {
            options.ConnectTimeout = options.StartTimeout = TimeSpan.FromSeconds(1);
            options.PingInterval = TimeSpan.FromMilliseconds(500);
            options.PingTimeout = TimeSpan.FromMilliseconds(300);
            options.MaxReconnectAttempts = 1000;
        });
        byte[] audio = [.. Speech.Noise(5), .. new byte[32_000], .. Speech.Noise(1.3, seed: 2), .. new byte[32_000], .. Speech.Noise(1.7, seed: 3)];
        var inflicted = InflictAt(phase, fault, line.Proxy);
        var healing = HealAsync(line, fault, inflicted);

        var (events, summary) = await Transcript.RunAsync(line.Client, audio, new() { SendRate = 50, EnableIntermediateResult = true });

        await inflicted.Within();
        await healing.Within();
        if (!fault.IsFatal())
        {
            summary.Reconnects.Should().Be(0);
        }
        else if (fault == Fault.HalfCloseUp)
        {
            // The service's answer still comes through: it may be all that the session needed.
            summary.Reconnects.Should().BeLessThanOrEqualTo(1);
        }
        else if (phase is Phase.Connecting or Phase.Starting)
        {
            summary.Reconnects.Should().Be(0);
            line.Log.Count(Line.NotConnected).Should().BePositive();
        }
        else
        {
            summary.Reconnects.Should().BePositive();
            events.OfType<Reconnecting>().Should().OnlyContain(reconnecting => reconnecting.Cause.IsTransient);
        }

        await line.QuietAsync();
    }

    private static Task InflictAt(Phase phase, Fault fault, FaultProxy proxy)
    {
        return phase switch
        {
            Phase.Connecting => proxy.When("101 Switching", Inflict, passOn: false),
            Phase.Starting => proxy.When("TranscriptionStarted", Inflict, passOn: false),
            Phase.MidSentence => proxy.When("SentenceBegin", Inflict, occurrence: 3),
            Phase.BetweenSentences => proxy.When("SentenceEnd", Inflict, occurrence: 3),
            Phase.MidMessageUp => proxy.After(100_001, Way.Up, Inflict),
            Phase.MidMessageDown => proxy.When("\"result\"", Inflict, occurrence: 9, passOn: false),
            _ => proxy.When("TranscriptionCompleted", Inflict, passOn: false),
        };

        void Inflict() => proxy.Inflict(fault);
    }

    /// <summary>What is refused for long enough is let in again.</summary>
    private static async Task HealAsync(Line line, Fault fault, Task inflicted)
    {
        await inflicted;
        if (fault == Fault.Refuse)
        {
            await Patience.Until(() => line.Log.Count(Line.NotConnected) + line.Log.Count(Line.Reconnecting) >= 3, "three attempts");
            line.Proxy.Accept();
        }
    }
}
