using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Faults;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Cassettes;

/// <summary>What is recorded happens again.</summary>
public abstract class ReplayTests : BothServices
{
    private static readonly byte[] Audio = Speech.Noise(13.3);

    private protected ReplayTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData("""{"reset":true}""", """{"abort":true}""")]
    [InlineData("""{"close":1011,"reason":"Going away."}""", """{"fail":50000000,"text":"An error."},{"close":1000}""")]
    public async Task A_session_with_two_reconnects_replays_to_the_same_events(string first, string second)
    {
        using var file = new RecordedFile();
        List<TranscriptionEvent> recorded;
        await using (var line = await Line.ScriptedAsync(
            $$$"""
            {"recognizer":"digest","steps":[{"wait":"audio","ms":4700},{{{first}}}]},
            {"refuse":{"status":503,"body":"Busy."}},
            {"recognizer":"digest","steps":[{"wait":"audio","ms":5300},{{{second}}}]},
            {"recognizer":"digest"}
            """,
            options => options.Recorder = file.Recorder))
        {
            (recorded, var summary) = await Transcript.RunAsync(line.Client, Audio, Options(40));
            summary.Reconnects.Should().Be(2);
        }

        var cassette = Cassette.Load(file.Path);
        (cassette.SessionCount, cassette.ConnectionCount, cassette.IsCut).Should().Be((1, 4, false));

        // Twice: after its last connection a cassette begins anew.
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(cassette, double.PositiveInfinity) });
        await using var client = new SpeechStreamClient(Speech.OptionsFor(Speech.EndpointOf(gateway)));
        for (var time = 0; time < 2; time++)
        {
            var (replayed, summary) = await Transcript.RunAsync(client, Audio, Options(double.PositiveInfinity), piece: 5000);

            summary.Reconnects.Should().Be(2);
            Essence(replayed).Should().Equal(Essence(recorded));
        }

        gateway.StartedTasks.Should().Be(6);
    }

    [Fact]
    public async Task Two_sessions_of_one_cassette_are_told_apart()
    {
        using var file = new RecordedFile();
        byte[][] audio = [Speech.Noise(5, seed: 1), Speech.Noise(7, seed: 2)];
        await using (var line = await Line.OpenAsync(options => options.Recorder = file.Recorder))
        {
            await Task.WhenAll(audio.Select(one => Transcript.RunAsync(line.Client, one, Options(40))));
        }

        var cassette = Cassette.Load(file.Path);
        cassette.SessionCount.Should().Be(2);
        var replayed = new List<IReadOnlyList<(int, TimeSpan, TimeSpan, string)>>();
        for (var session = 1; session <= 2; session++)
        {
            await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(cassette.OfSession(session), double.PositiveInfinity) });
            await using var client = new SpeechStreamClient(Speech.OptionsFor(Speech.EndpointOf(gateway)));
            replayed.Add([.. (await client.TranscribeAsync(new MemoryStream(Speech.Noise(7, seed: 3)), Options(double.PositiveInfinity)).ToListAsync()).Finals()]);
        }

        replayed.Should().BeEquivalentTo(audio.Select(one => Speech.Expected(one)), "each session has its own sentences, and a cassette doesn't hear what is said");
        FluentActions.Invoking(() => cassette.OfSession(3)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*no session 3*1, 2*");
    }

    [Fact]
    public async Task A_client_that_has_less_audio_gets_the_rest_when_it_stops()
    {
        using var file = new RecordedFile();
        await using (var line = await Line.OpenAsync(options => options.Recorder = file.Recorder))
        {
            await Transcript.RunAsync(line.Client, Audio, Options(double.PositiveInfinity));
        }

        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(Cassette.Load(file.Path), double.PositiveInfinity) });
        await using var client = new SpeechStreamClient(Speech.OptionsFor(Speech.EndpointOf(gateway)));

        var events = await client.TranscribeAsync(new MemoryStream(Speech.Noise(0.5)), Options(double.PositiveInfinity)).ToListAsync();

        events.Finals().Select(final => final.Text).Should().Equal(Speech.Expected(Audio).Select(final => final.Text));
    }

    [Fact]
    public async Task A_peer_that_fell_silent_is_lost_again_also_for_clients_without_pings()
    {
        using var file = new RecordedFile();
        await using (var line = await Line.OpenAsync(options => (options.PingInterval, options.PingTimeout, options.Recorder) = (TimeSpan.FromSeconds(1.1), TimeSpan.FromSeconds(1), file.Recorder)))
        {
            await using var session = await line.Client.StartSessionAsync(Speech.Unpaced);
            line.Proxy.BlackHole();
            await session.FeedAsync(Audio);
            await session.Events.ToListAsync();
        }

        file.Lines.Where(entry => (string?)entry["kind"] == "lost").Select(entry => (string)entry["how"]!).Should().Equal("silent");
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(Cassette.Load(file.Path), double.PositiveInfinity) });
        await using var client = new SpeechStreamClient(Speech.OptionsFor(Speech.EndpointOf(gateway)));

        var events = await client.TranscribeAsync(new MemoryStream(Audio), Speech.Unpaced).ToListAsync();

        events.OfType<Reconnecting>().Should().ContainSingle();
        events.Finals().Should().Equal(Speech.Expected(Audio));
    }

    private static TranscriptionOptions Options(double sendRate) => new() { SendRate = sendRate, EnableIntermediateResult = true, EnableWords = true };

    // Without what differs each time: ids, delays, and interim results that were overtaken before they were read.
    private static IEnumerable<TranscriptionEvent> Essence(IEnumerable<TranscriptionEvent> events) =>
        events.Where(e => e is not TranscriptionResultChanged).Select(e => e switch
        {
            SentenceEnd end => end with { TaskId = "", Latency = null },
            TranscriptionStarted started => started with { TaskId = "" },
            Reconnecting reconnecting => new Reconnecting { Attempt = reconnecting.Attempt },
            Reconnected reconnected => new Reconnected { ResumedAt = reconnected.ResumedAt },
            ChannelClosed closed => closed with { TaskId = "", Summary = null },
            _ => e with { TaskId = "" },
        });
}

public sealed class NlsReplayTests() : ReplayTests(SpeechService.Nls);

public sealed class DashScopeReplayTests() : ReplayTests(SpeechService.DashScope);
