using System.Text.Json.Nodes;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Faults;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Cassettes;

/// <summary>What a cassette has in it, and what it hasn't.</summary>
public abstract class RecordingTests : BothServices
{
    private const string Token = "0123-secret-token/+='";
    private const string AppKey = "secret/+app'key";

    private protected RecordingTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public async Task Every_message_is_in_it_both_ways_and_in_order()
    {
        using var file = new RecordedFile();
        await using var line = await Line.OpenAsync(options => options.Recorder = file.Recorder);

        await Transcript.RunAsync(line.Client, Speech.Noise(2.5), Speech.Unpaced);

        var head = file.Lines[0];
        head.Select(field => field.Key).Should().Equal("v", "service", "path", "tool", "at", "audio");
        ((int)head["v"]!, (string)head["service"]!, (string)head["path"]!).Should().Be((1, IsDashScope ? "dashscope" : "nls", IsDashScope ? "/api-ws/v1/inference" : "/ws/v1"));
        ((string)head["tool"]!).Should().MatchRegex(@"^SpeechStream \d+\.\d+");
        file.Kinds(1).Distinct().Should().Equal("open", "client", "server", "audio", "close");
        file.Kinds(1).Take(3).Should().Equal("open", "client", "server");
        file.Kinds(1).Count(kind => kind == "client").Should().Be(2, "a start and a stop");
        file.Lines.Where(entry => (string?)entry["kind"] == "audio").Sum(entry => (int)entry["bytes"]!).Should().Be(80_000);
        file.Lines.Should().OnlyContain(entry => !entry.ContainsKey("data"));
        file.Lines.Skip(1).Select(entry => (long)entry["t"]!).Should().BeInAscendingOrder();
        file.Lines[^1]["by"]!.GetValue<string>().Should().Be("client");
    }

    [Fact]
    public async Task Audio_is_in_it_if_that_is_wanted()
    {
        using var file = new RecordedFile(recordsAudio: true);
        await using var line = await Line.OpenAsync(options => options.Recorder = file.Recorder);
        var audio = Speech.Noise(2.5);

        await Transcript.RunAsync(line.Client, audio, Speech.Unpaced);

        file.Lines.Where(entry => (string?)entry["kind"] == "audio").SelectMany(entry => Convert.FromBase64String((string)entry["data"]!)).Should().Equal(audio);
    }

    [Fact]
    public async Task No_secret_is_in_it_whatever_the_service_quotes()
    {
        using var file = new RecordedFile();
        var quoting = $"{Token} {Uri.EscapeDataString(Token)} {AppKey} {Uri.EscapeDataString(AppKey)} 0123secret-query secret-user";
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""
                {"connections":[
                  {"refuse":{"status":500,"body":"QUOTING"}},
                  {"steps":[{"wait":"start"},{"event":"SomethingNew","payload":{"quotes":"QUOTING"}},{"raw":"QUOTING"},{"close":1011,"reason":"QUOTING"}]},
                  {"steps":[{"wait":"start"},{"fail":41040203,"text":"QUOTING"}]}
                ]}
                """.Replace("QUOTING", quoting, StringComparison.Ordinal)),
        });
        var options = Speech.OptionsFor(new UriBuilder(Speech.EndpointOf(gateway)) { Query = "mc=0123secret-query", UserName = "secret-user" }.Uri);
        (options.AppKey, options.Credential, options.Recorder) = (AppKey, FixedCredential(Token), file.Recorder);
        await using var client = new SpeechStreamClient(options);

        var (_, error) = await client.TranscribeAsync(new MemoryStream(Speech.Noise(0.1)), Speech.Unpaced).OutcomeAsync().Within();

        error.Should().BeOfType<SpeechServiceException>();
        file.Kinds(1).Should().Equal("refused");
        file.Kinds(2).Should().Contain("server").And.EndWith("close");
        file.Text.Should().NotContain("secret").And.Contain("***");
        var headers = file.Lines.First(entry => (string?)entry["kind"] == "open")["headers"]!.AsObject();
        headers.Should().ContainSingle().Which.Value!.GetValue<string>().Should().Be(IsDashScope ? "Bearer ***" : "***");
        file.Lines.Where(entry => entry.ContainsKey("json")).Should().NotBeEmpty();
    }

    [Fact]
    public async Task An_address_of_ones_own_is_not_in_it()
    {
        using var file = new RecordedFile();
        var options = Speech.OptionsFor(new Uri("ws://secret-host.invalid:1/secret-path?secret-query"));
        (options.AllowInsecure, options.MaxReconnectAttempts, options.Recorder) = (true, 0, file.Recorder);
        await using var client = new SpeechStreamClient(options);

        await client.TranscribeAsync(new MemoryStream(Speech.Noise(0.1)), Speech.Unpaced).OutcomeAsync().Within();

        file.Kinds(1).Should().Equal("unreachable");
        file.Text.Should().Contain("\"path\":\"/***\"").And.NotContain("secret");
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task A_cassette_that_cannot_be_written_disturbs_no_session(Type failure)
    {
        using var stream = new FullStream(room: 1000, () => (Exception)Activator.CreateInstance(failure, "No space left on device.")!);
        var recorder = new CassetteRecorder(stream);
        await using var line = await Line.OpenAsync(options => options.Recorder = recorder);

        await Transcript.RunAsync(line.Client, Speech.Noise(2.5), Speech.Unpaced);

        recorder.Failure.Should().BeOfType(failure);
        stream.Length.Should().BeLessThanOrEqualTo(1000);
    }

    [Fact]
    public async Task A_connection_made_in_advance_is_in_it()
    {
        using var file = new RecordedFile();
        await using var line = await Line.OpenAsync(options => options.Recorder = file.Recorder);
        await line.Client.PrewarmAsync();

        await Transcript.RunAsync(line.Client, Speech.Noise(1), Speech.Unpaced);

        line.Gateway.AcceptedConnections.Should().Be(1);
        file.Kinds(1).First().Should().Be("open");
        file.Kinds(1).Last().Should().Be("close");
    }

    [Fact]
    public async Task An_aborted_session_ends_with_a_line_that_says_so()
    {
        using var file = new RecordedFile();
        await using var line = await Line.OpenAsync(options => options.Recorder = file.Recorder);
        await using (await line.Client.StartSessionAsync())
        {
        }

        await Patience.Until(() => file.Kinds(1).LastOrDefault() == "abort", "the abort is recorded");
    }

    /// <summary>A file on a disk without much room.</summary>
    private sealed class FullStream(int room, Func<Exception> failure) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > room)
            {
                throw failure();
            }

            base.Write(buffer);
        }
    }
}

public sealed class NlsRecordingTests() : RecordingTests(SpeechService.Nls);

public sealed class DashScopeRecordingTests() : RecordingTests(SpeechService.DashScope);
