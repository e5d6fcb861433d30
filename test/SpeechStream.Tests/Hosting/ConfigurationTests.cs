using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SpeechStream.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public void Every_option_with_a_text_form_is_read_from_configuration()
    {
        using var registered = new Registered(
            ("Endpoint", "wss://example.com/ws/v1"), ("ConnectTimeout", "00:00:01"), ("StartTimeout", "00:00:02"), ("StopTimeout", "00:00:03"),
            ("PingInterval", "00:00:09"), ("PingTimeout", "00:00:04"), ("MaxReconnectAttempts", "5"), ("ReconnectDelay", "00:00:06"),
            ("MaxReconnectDelay", "00:00:07"), ("ReplayWindow", "00:00:08"), ("EventCapacity", "10"), ("MaxMessageBytes", "2048"),
            ("MaxConcurrentSessions", "12"), ("AllowInsecure", "true"));
        registered.Add();

        registered.Options.Should().Be(new SpeechStreamClientOptions
        {
            AppKey = "app-key",
            Credential = SpeechCredential.FromToken("token"),
            Endpoint = new Uri("wss://example.com/ws/v1"),
            ConnectTimeout = TimeSpan.FromSeconds(1),
            StartTimeout = TimeSpan.FromSeconds(2),
            StopTimeout = TimeSpan.FromSeconds(3),
            PingInterval = TimeSpan.FromSeconds(9),
            PingTimeout = TimeSpan.FromSeconds(4),
            MaxReconnectAttempts = 5,
            ReconnectDelay = TimeSpan.FromSeconds(6),
            MaxReconnectDelay = TimeSpan.FromSeconds(7),
            ReplayWindow = TimeSpan.FromSeconds(8),
            EventCapacity = 10,
            MaxMessageBytes = 2048,
            MaxConcurrentSessions = 12,
            AllowInsecure = true,
        });
    }

    [Fact]
    public void No_option_is_missing_in_the_configuration()
    {
        string[] codeOnly = ["Credential", "ConnectPipeline", "ConfigureHandler", "SessionDefaults", "TimeProvider"];
        var read = new KeyRecorder();

        new SpeechStream.Hosting.OptionsSection("", read).Bind(new SpeechStreamClientOptions());

        read.Keys.Should().Contain(typeof(SpeechStreamClientOptions).GetProperties().Select(option => option.Name).Except(codeOnly));
    }

    [Fact]
    public void No_single_value_of_the_session_defaults_was_forgotten()
    {
        string[] codeOnly = ["SpecialWordFilter", "ClassVocabularyId", "Vocabulary", "AdditionalParameters", "ResumeFrom", "Encoder"];
        var read = new KeyRecorder();

        new SpeechStream.Hosting.OptionsSection("", read).Bind(new SpeechStreamClientOptions());

        read.Keys.Should().Contain(typeof(TranscriptionOptions).GetProperties().Select(option => option.Name).Except(codeOnly).Select(name => "SessionDefaults:" + name));
    }

    [Fact]
    public void Session_defaults_are_read_from_configuration()
    {
        using var registered = new Registered(
            ("SessionDefaults:Format", "wav"), ("SessionDefaults:SampleRate", "8000"), ("SessionDefaults:SendRate", "Infinity"),
            ("SessionDefaults:EnableWords", "true"), ("SessionDefaults:MaxSentenceSilence", "00:00:00.5"), ("SessionDefaults:VocabularyId", "names")).Add();

        registered.Options.SessionDefaults.Should().Be(new TranscriptionOptions
        {
            Format = AudioFormat.Wav,
            SampleRate = 8000,
            SendRate = double.PositiveInfinity,
            EnableWords = true,
            MaxSentenceSilence = TimeSpan.FromMilliseconds(500),
            VocabularyId = "names",
        });
    }

    [Theory]
    [InlineData("SessionDefaults:SampleRate", "44100")]
    [InlineData("SessionDefaults:EnableWords", "perhaps")]
    [InlineData("SessionDefaults:Format", "Flac")]
    public void A_wrong_session_default_is_named_by_its_key(string key, string value)
    {
        using var registered = new Registered((key, value)).Add();

        registered.Invoking(it => it.Start()).Should().Throw<OptionsValidationException>().WithMessage($"SpeechStream:{key} is *{value}*");
    }

    [Fact]
    public void Keys_that_are_missing_keep_the_defaults()
    {
        using var registered = new Registered().Add();

        registered.Options.Should().Be(new SpeechStreamClientOptions { AppKey = "app-key", Credential = SpeechCredential.FromToken("token") });
    }

    [Theory]
    [InlineData("Beijing", "wss://nls-gateway-cn-beijing.aliyuncs.com/ws/v1")]
    [InlineData("singapore", "wss://nls-gateway-ap-southeast-1.aliyuncs.com/ws/v1")]
    public void An_endpoint_may_be_the_name_of_a_region(string name, string endpoint)
    {
        using var registered = new Registered(("Endpoint", name)).Add();

        registered.Options.Endpoint.Should().Be(new Uri(endpoint));
    }

    [Fact]
    public void A_credential_may_be_an_access_key()
    {
        using var registered = new Registered(
            ("Token", ""), ("AccessKeyId", "id"), ("AccessKeySecret", "secret"), ("SecurityToken", "sts"), ("TokenEndpoint", "https://example.com/")).Add();

        registered.Options.Credential.Should().Be(SpeechCredential.FromAccessKey("id", "secret", "sts", new Uri("https://example.com/")));
    }

    [Fact]
    public void Code_overrides_configuration()
    {
        var credential = SpeechCredential.FromDelegate(_ => throw new NotSupportedException());
        using var registered = new Registered().Add(options => options.Credential = credential);

        registered.Options.Credential.Should().BeSameAs(credential);
    }

    [Theory]
    [InlineData("AppKey", "", "SpeechStream:AppKey is empty. Set it *")]
    [InlineData("Token", "", "SpeechStream:Token is missing. Set it, or AccessKeyId and AccessKeySecret, or ApiKey for DashScope.")]
    [InlineData("Token", "a\nb", "SpeechStream:Token has characters *")]
    [InlineData("AccessKeyId", "id", "SpeechStream:Token is set, and an access key too. *")]
    [InlineData("Endpoint", "Atlantis", "SpeechStream:Endpoint is neither an absolute URI nor one of Shanghai, Beijing, *")]
    [InlineData("Endpoint", "ws://example.com/", "SpeechStream:Endpoint is *unencrypted*")]
    [InlineData("Endpoint", "ShanghaiInternal", "SpeechStream:Endpoint is *AllowInsecure*")]
    [InlineData("PingTimeout", "soon", "SpeechStream:PingTimeout is 'soon', which isn't a time. Write 00:00:05 for five seconds.")]
    [InlineData("PingTimeout", "02:00:00", "SpeechStream:PingTimeout is 02:00:00. Allowed: *")]
    [InlineData("EventCapacity", "many", "SpeechStream:EventCapacity is 'many', which isn't a whole number up to 2147483647.")]
    [InlineData("MaxConcurrentSessions", "0", "SpeechStream:MaxConcurrentSessions is 0. Allowed: *")]
    [InlineData("PingInterval", "00:00:01", "SpeechStream:PingInterval is *longer than PingTimeout*")]
    public void An_invalid_value_stops_the_start_and_its_key_is_named(string key, string value, string message)
    {
        using var registered = new Registered((key, value)).Add();

        registered.Invoking(r => r.Start()).Should().Throw<OptionsValidationException>().WithMessage(message);
    }

    [Fact]
    public void An_invalid_token_endpoint_is_reported_by_its_key()
    {
        using var registered = new Registered(("Token", ""), ("AccessKeyId", "id"), ("AccessKeySecret", "secret"), ("TokenEndpoint", "http://example.com/")).Add();

        registered.Invoking(r => r.Client).Should().Throw<OptionsValidationException>().WithMessage("SpeechStream:TokenEndpoint is *unencrypted*");
    }

    [Theory]
    [InlineData("AccessKeyId", " ", "AccessKeySecret", "secret", "SpeechStream:AccessKeyId is missing, *")]
    [InlineData("AccessKeyId", "id", "AccessKeySecret", "\t", "SpeechStream:AccessKeySecret is missing, *")]
    [InlineData("Token", "t", "SecurityToken", "sts", "SpeechStream:SecurityToken *only with an AccessKeyId*")]
    [InlineData("Token", "t", "TokenEndpoint", "https://example.com/", "SpeechStream:TokenEndpoint *only with an AccessKeyId*")]
    public void An_incomplete_credential_is_reported_by_its_key(string key, string value, string other, string otherValue, string message)
    {
        using var registered = new Registered(("Token", ""), (key, value), (other, otherValue)).Add();

        registered.Invoking(r => r.Client).Should().Throw<OptionsValidationException>().WithMessage(message);
    }

    [Fact]
    public void Without_a_section_the_message_names_the_option()
    {
        using var registered = new Registered();
        registered.Services.AddSpeechStream(options => options.AppKey = "key");

        registered.Invoking(r => r.Client).Should().Throw<OptionsValidationException>().WithMessage("Credential is null. Set it, *");
    }

    private sealed class KeyRecorder : IConfiguration
    {
        public List<string> Keys { get; } = [];

        public string? this[string key]
        {
            get
            {
                Keys.Add(key);
                return null;
            }
            set => throw new NotSupportedException();
        }

        public IEnumerable<IConfigurationSection> GetChildren() => throw new NotSupportedException();

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => throw new NotSupportedException();

        public IConfigurationSection GetSection(string key) => throw new NotSupportedException();
    }
}
