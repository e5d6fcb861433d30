using System.Globalization;
using System.Text.Json.Nodes;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests;

/// <summary>Options are validated and copied once, in the constructor; a message names option, value and range.</summary>
public sealed class OptionsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static TheoryData<string, Action<SpeechStreamClientOptions>, string[]> BadClientOptions => new()
    {
        { "AppKey", options => options.AppKey = " ", [] },
        { "AppKey", options => options.AppKey = "app-key\n", ["line break"] },
        { "AppKey", options => options.AppKey = " app-key", ["space"] },
        { "AppKey", options => options.AppKey = "app\u0000key", ["control character"] },
        { "Credential", options => options.Credential = null!, [] },
        { "TimeProvider", options => options.TimeProvider = null!, [] },
        { "Endpoint", options => options.Endpoint = new Uri("/relative", UriKind.Relative), [] },
        { "Endpoint", options => options.Endpoint = new Uri("https://example.com/ws"), ["https", "wss"] },
        { "Endpoint", options => options.Endpoint = new Uri("ws://example.com/ws"), ["example.com", "AllowInsecure"] },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero, ["00:00:00.0010000", "01:00:00"] },
        { "ConnectTimeout", options => options.ConnectTimeout = Timeout.InfiniteTimeSpan, ["-00:00:00.0010000"] },
        { "StartTimeout", options => options.StartTimeout = Hour + TimeSpan.FromTicks(1), ["01:00:00.0000001"] },
        { "StopTimeout", options => options.StopTimeout = TimeSpan.Zero, ["01:00:00"] },
        { "PingInterval", options => options.PingInterval = TimeSpan.Zero, ["01:00:00"] },
        { "PingTimeout", options => options.PingTimeout = TimeSpan.Zero, ["01:00:00"] },
        { "PingInterval", options => options.PingInterval = options.PingTimeout, ["PingTimeout", "00:00:03"] },
        { "MaxReconnectAttempts", options => options.MaxReconnectAttempts = -1, ["-1", "0", "1000"] },
        { "MaxReconnectAttempts", options => options.MaxReconnectAttempts = 1001, ["1001", "1000"] },
        { "ReconnectDelay", options => options.ReconnectDelay = TimeSpan.FromTicks(-1), ["00:00:00"] },
        { "MaxReconnectDelay", options => options.MaxReconnectDelay = TimeSpan.FromMilliseconds(100), ["00:00:00.1000000", "00:00:00.2500000"] },
        { "ReplayWindow", options => options.ReplayWindow = TimeSpan.FromSeconds(0.9), ["00:00:01", "00:10:00"] },
        { "ReplayWindow", options => options.ReplayWindow = TimeSpan.FromMinutes(11), ["00:11:00", "00:10:00"] },
        { "EventCapacity", options => options.EventCapacity = 0, ["0", "1", "65536"] },
        { "EventCapacity", options => options.EventCapacity = 65_537, ["65537", "65536"] },
        { "MaxMessageBytes", options => options.MaxMessageBytes = 1023, ["1023", "1024"] },
        { "MaxMessageBytes", options => options.MaxMessageBytes = (64 * 1024 * 1024) + 1, ["67108864"] },
        { "MaxConcurrentSessions", options => options.MaxConcurrentSessions = 0, ["0", "1"] },
        { "SessionDefaults.SendRate", options => options.SessionDefaults = new() { SendRate = 0 }, ["0.1"] },
    };

    public static TheoryData<string, TranscriptionOptions, string[]> BadSessionOptions => new()
    {
        { "Format", new() { Format = (AudioFormat)99 }, ["99"] },
        { "SampleRate", new() { SampleRate = 44100 }, ["44100", "8000", "16000"] },
        { "SampleRate", new() { Format = AudioFormat.Opu, SampleRate = 8000 }, ["8000", "16000"] },
        { "Encoder", new() { Format = AudioFormat.Opus, Encoder = new HoldingEncoder() }, ["Opus", "encoded already", "Pcm or Wav"] },
        { "Encoder", new() { Encoder = new NoEncoder() }, ["Pcm", "Opus, Speex"] },
        { "SendRate", new() { SendRate = 0.09 }, ["0.09", "0.1"] },
        { "SendRate", new() { SendRate = double.NaN }, ["NaN"] },
        { "CatchUpRate", new() { CatchUpRate = 0 }, ["0.1"] },
        { "SilenceAfter", new() { SilenceAfter = TimeSpan.FromMilliseconds(99) }, ["00:00:00.0990000", "00:00:00.1000000", "01:00:00"] },
        { "SilenceAfter", new() { SilenceAfter = TimeSpan.FromHours(2) }, ["02:00:00", "01:00:00"] },
        { "MaxSentenceSilence", new() { MaxSentenceSilence = TimeSpan.FromMilliseconds(199) }, ["00:00:00.1990000", "00:00:00.2000000", "00:00:06"] },
        { "MaxSentenceSilence", new() { MaxSentenceSilence = TimeSpan.FromMilliseconds(6001) }, ["00:00:06"] },
        { "VadSilenceDuration", new() { VadSilenceDuration = TimeSpan.FromSeconds(1) }, ["00:00:02", "00:00:10"] },
        { "SpeechNoiseThreshold", new() { SpeechNoiseThreshold = 1.1 }, ["1.1", "-1"] },
        { "EnableSemanticSentenceDetection", new() { EnableSemanticSentenceDetection = true }, ["EnableIntermediateResult"] },
        { "SpecialWordFilter", new() { SpecialWordFilter = new() { Remove = [.. Words(20)], Mask = [.. Words(13)] } }, ["33", "32"] },
        { "ControlMessageName", new() { ControlMessageName = "" }, [] },
        { "AdditionalParameters", new() { AdditionalParameters = new Dictionary<string, JsonNode?> { ["format"] = "pcm" } }, ["format"] },
        { "AdditionalParameters", new() { AdditionalParameters = new Dictionary<string, JsonNode?> { ["sample_rate"] = 8000 } }, ["sample_rate"] },
        { "AdditionalParameters", new() { AdditionalParameters = new Dictionary<string, JsonNode?> { ["tw_offset"] = 1 } }, ["tw_offset"] },
    };

    [Theory]
    [MemberData(nameof(BadClientOptions), DisableDiscoveryEnumeration = true)]
    public void A_client_option_out_of_range_is_refused_by_name_and_range(string option, Action<SpeechStreamClientOptions> spoil, string[] named)
    {
        var options = Good();
        spoil(options);

        Refused(() => new SpeechStreamClient(options).Dispose(), option, named);
    }

    [Theory]
    [MemberData(nameof(BadSessionOptions), DisableDiscoveryEnumeration = true)]
    public void A_session_option_out_of_range_is_refused_by_name_and_range(string option, TranscriptionOptions options, string[] named)
    {
        using var client = new SpeechStreamClient(Good());

        Refused(() => client.CreateSession(options).Dispose(), option, named);
    }

    [Fact]
    public void The_callers_culture_doesnt_change_the_numbers_that_are_named()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("", false) { NumberFormat = { NumberDecimalSeparator = "\u066b", NegativeSign = "\u200e\u2212" } };
            using var client = new SpeechStreamClient(Good());

            Refused(() => client.CreateSession(new() { SendRate = 0.09 }).Dispose(), "SendRate", ["0.09", "0.1"]);
            Refused(() => client.CreateSession(new() { SpeechNoiseThreshold = 1.1 }).Dispose(), "SpeechNoiseThreshold", ["1.1", "-1"]);
            Refused(() => client.CreateSession(new() { ResumeFrom = new(-1, TimeSpan.Zero) }).Dispose(), "ResumeFrom", ["has -1 "]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_ends_of_the_ranges_are_allowed()
    {
        var options = Good();
        options.ConnectTimeout = options.StartTimeout = options.StopTimeout = options.PingInterval = options.MaxReconnectDelay = Hour;
        (options.ReconnectDelay, options.PingTimeout, options.MaxReconnectAttempts) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(1), 0);
        (options.ReplayWindow, options.EventCapacity, options.MaxMessageBytes, options.MaxConcurrentSessions) = (TimeSpan.FromMinutes(10), 1, 1024, 1);
        using var client = new SpeechStreamClient(options);
        var session = new TranscriptionOptions
        {
            SendRate = double.PositiveInfinity,
            CatchUpRate = 0.1,
            SilenceAfter = Timeout.InfiniteTimeSpan,
            MaxSentenceSilence = TimeSpan.FromMilliseconds(6000),
            EnableSemanticSentenceDetection = true,
            EnableIntermediateResult = true,
        };

        client.Invoking(it => it.CreateSession(session).Dispose()).Should().NotThrow();
    }

    [Theory]
    [InlineData("ws://127.0.0.1:80/ws", false)]
    [InlineData("ws://localhost/ws", false)]
    [InlineData("ws://internal.example/ws", true)]
    [InlineData("wss://example.com/ws?region=x", false)]
    public void Endpoints_that_are_secure_local_or_permitted_are_taken(string endpoint, bool allowInsecure)
    {
        var options = Good();
        (options.Endpoint, options.AllowInsecure) = (new Uri(endpoint), allowInsecure);

        options.Invoking(it => new SpeechStreamClient(it).Dispose()).Should().NotThrow();
    }

    [Fact]
    public void An_insecure_token_endpoint_is_refused_by_the_client()
    {
        var options = Good();
        options.Credential = SpeechCredential.FromAccessKey("id", "secret", tokenEndpoint: new Uri("http://tokens.example/"));

        Refused(() => new SpeechStreamClient(options).Dispose(), "tokenEndpoint", ["tokens.example", "AllowInsecure"]);
    }

    [Fact]
    public void The_client_keeps_a_copy_of_its_options()
    {
        var options = Good();
        using var client = new SpeechStreamClient(options);
        options.AppKey = "another";
        options.EventCapacity = 1;

        client.Context.Options.AppKey.Should().Be("app-key");
        client.Context.Options.EventCapacity.Should().Be(256);
    }

    [Fact]
    public void A_session_keeps_a_copy_of_its_options_and_parameters()
    {
        var parameters = new Dictionary<string, JsonNode?> { ["custom"] = 1 };
        var options = new TranscriptionOptions { SessionId = "one", AdditionalParameters = parameters };
        using var run = new Simulation.Simulated(options: options);
        options.SessionId = "two";
        parameters["custom"] = 2;
        run.Start();

        var payload = run.Service.Starts.Single().GetProperty("payload");
        payload.GetProperty("session_id").GetString().Should().Be("one");
        payload.GetProperty("custom").GetInt32().Should().Be(1);
    }

    [Fact]
    public void Options_may_be_used_for_several_clients_and_sessions()
    {
        var (options, session) = (Good(), new TranscriptionOptions { AdditionalParameters = new Dictionary<string, JsonNode?> { ["custom"] = new JsonObject() } });
        using var first = new SpeechStreamClient(options);
        using var second = new SpeechStreamClient(options);

        session.Invoking(it =>
        {
            first.CreateSession(it).Dispose();
            second.CreateSession(it).Dispose();
        }).Should().NotThrow();
    }

    [Fact]
    public void No_ToString_prints_a_secret()
    {
        var options = Good();
        options.AppKey = "secret-app-key";
        options.Credential = SpeechCredential.FromAccessKey("key-id", "secret-key", "secret-security-token");
        options.Endpoint = new Uri("wss://example.com/ws/v1?token=secret-query");
        string[] printed =
        [
            options.ToString(),
            options.Credential.ToString()!,
            SpeechCredential.FromToken("secret-token").ToString()!,
            new SpeechToken { Id = "secret-token", ExpiresAt = DateTimeOffset.UnixEpoch }.ToString(),
            new SpeechStreamClient(options).ToString()!,
        ];

        string.Concat(printed).Should().NotContain("secret").And.NotContain("key-id");
    }

    [Fact]
    public void The_defaults_are_the_documented_ones()
    {
        var client = new SpeechStreamClientOptions();
        (client.ConnectTimeout, client.StartTimeout, client.StopTimeout).Should().Be((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)));
        (client.PingInterval, client.PingTimeout).Should().Be((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)));
        (client.MaxReconnectAttempts, client.ReconnectDelay, client.MaxReconnectDelay).Should().Be((8, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10)));
        (client.ReplayWindow, client.EventCapacity, client.MaxMessageBytes).Should().Be((TimeSpan.FromSeconds(60), 256, 1_048_576));
        client.Endpoint.Should().Be(SpeechEndpoints.Shanghai);
        var session = new TranscriptionOptions();
        (session.Format, session.SampleRate, session.SendRate, session.CatchUpRate, session.SilenceAfter).Should().Be((AudioFormat.Pcm, 16000, 1d, 2d, TimeSpan.FromSeconds(5)));
    }

    private static SpeechStreamClientOptions Good() => new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token") };

    private static IEnumerable<string> Words(int count) => Enumerable.Range(0, count).Select(i => $"word{i}");

    private static void Refused(Action act, string option, string[] named)
    {
        var thrown = act.Should().Throw<ArgumentException>().Which;
        thrown.ParamName.Should().Be(option);
        thrown.Message.Should().StartWith(option);
        named.Where(part => !thrown.Message.Contains(part, StringComparison.Ordinal)).Should().BeEmpty(thrown.Message);
    }

    private sealed class NoEncoder : AudioEncoder
    {
        public override AudioFormat Format => AudioFormat.Pcm;

        public override AudioEncoderStream CreateStream(int sampleRate) => throw new NotSupportedException();
    }
}
