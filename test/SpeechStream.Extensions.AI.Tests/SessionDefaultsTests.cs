using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream.Gateway;

namespace SpeechStream.Extensions.AI.Tests;

/// <summary>The client's own settings of sessions, which may come from the configuration, where the adapters and their calls give none.</summary>
public sealed class SessionDefaultsTests : IAsyncLifetime
{
    // The bytes of a second at 16,000 samples a second are two seconds at this rate.
    private static readonly byte[] Audio = Transcriber.Speech(seconds: 1);

    private LocalGateway _gateway = null!;
    private SpeechStreamClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await LocalGateway.StartAsync(new LocalGatewayOptions { Recognizer = Recognizer.Say("one two three") });
        _client = new SpeechStreamClient(new()
        {
            AppKey = "app-key",
            Credential = SpeechCredential.FromToken("token"),
            Endpoint = _gateway.Endpoint,
            SessionDefaults = new() { SendRate = double.PositiveInfinity, SampleRate = 8000, Model = "telephone" },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transcription_has_the_settings_of_the_client(bool withOptions)
    {
        var client = _client.AsSpeechToTextClient();

        var response = await client.GetTextAsync(new MemoryStream(Audio), withOptions ? new SpeechToTextOptions() : null);

        response.EndTime.Should().Be(TimeSpan.FromSeconds(2));
        client.GetService<SpeechToTextClientMetadata>()!.DefaultModelId.Should().Be("telephone");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_realtime_session_has_the_settings_of_the_client_and_interim_results(bool withOptions)
    {
        var client = _client.AsRealtimeClient();
        await using var session = await client.CreateSessionAsync(
            withOptions ? new RealtimeSessionOptions { SessionKind = RealtimeSessionKind.Transcription } : null);
        await session.SendAsync(Append(Audio.AsMemory(0, 24_000)));

        var events = new List<object?>();
        await foreach (var message in session.GetStreamingResponseAsync())
        {
            events.Add(message.RawRepresentation);
            if (message.RawRepresentation is TranscriptionResultChanged && events.OfType<TranscriptionResultChanged>().Count() == 1)
            {
                await session.SendAsync(Append(Audio.AsMemory(24_000)));
                await session.SendAsync(new InputAudioBufferCommitRealtimeClientMessage());
            }
            else if (message.RawRepresentation is SentenceEnd)
            {
                break;
            }
        }

        events.OfType<TranscriptionResultChanged>().Should().NotBeEmpty();
        events.OfType<SentenceEnd>().Single().Time.Should().Be(TimeSpan.FromSeconds(2));
        client.GetService<ChatClientMetadata>()!.DefaultModelId.Should().Be("telephone");
    }

    [Fact]
    public async Task Adapters_that_exist_already_have_settings_that_are_reloaded()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("S:AppKey", "app-key"), new("S:Token", "token"), new("S:Endpoint", _gateway.Endpoint.ToString()), new("S:SessionDefaults:SendRate", "Infinity"),
        ]).Build();
        await using var provider = new ServiceCollection().AddSpeechStream(configuration.GetSection("S")).BuildServiceProvider();
        var client = provider.GetRequiredService<SpeechStreamClient>();
        var (speechToText, realtime) = (client.AsSpeechToTextClient(), client.AsRealtimeClient());

        configuration["S:SessionDefaults:SampleRate"] = "8000";
        configuration["S:Model"] = "telephone";
        configuration.Reload();

        (await speechToText.GetTextAsync(new MemoryStream(Audio))).EndTime.Should().Be(TimeSpan.FromSeconds(2));
        speechToText.GetService<SpeechToTextClientMetadata>()!.DefaultModelId.Should().Be("telephone");
        realtime.GetService<ChatClientMetadata>()!.DefaultModelId.Should().Be("telephone");
        await using var session = await realtime.CreateSessionAsync();
        await session.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(Audio, "audio/pcm;rate=8000")));
    }

    private static InputAudioBufferAppendRealtimeClientMessage Append(ReadOnlyMemory<byte> audio) => new(new DataContent(audio, "audio/pcm"));
}
