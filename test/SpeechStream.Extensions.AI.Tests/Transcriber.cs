using Microsoft.Extensions.AI;
using SpeechStream.Gateway;

namespace SpeechStream.Extensions.AI.Tests;

/// <summary>A speech-to-text client whose service is a local gateway.</summary>
internal sealed class Transcriber : IAsyncDisposable
{
    private readonly LocalGateway _gateway;

    private Transcriber(LocalGateway gateway)
    {
        _gateway = gateway;
        Client = new SpeechStreamClient(new()
        {
            AppKey = "app-key",
            Credential = SpeechCredential.FromToken("token"),
            Endpoint = gateway.Endpoint,
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
        });
        var unpaced = new SpeechStream.TranscriptionOptions { SendRate = double.PositiveInfinity, EnableIntermediateResult = true };
        SpeechToText = Client.AsSpeechToTextClient(unpaced);
        Realtime = Client.AsRealtimeClient(unpaced);
    }

    public SpeechStreamClient Client { get; }

    public ISpeechToTextClient SpeechToText { get; }

    public IRealtimeClient Realtime { get; }

    public static Task<Transcriber> StartAsync() => StartAsync(Recognizer.Digest);

    public static Task<Transcriber> ScriptedAsync(string connections) =>
        StartAsync(Recognizer.Script($$"""{"connections":[{{connections}}]}"""));

    public static byte[] Speech(double seconds)
    {
        var audio = new byte[(int)(seconds * 32_000)];
        new Random(1).NextBytes(audio);
        return audio;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private static async Task<Transcriber> StartAsync(Recognizer recognizer) =>
        new(await LocalGateway.StartAsync(new LocalGatewayOptions { Recognizer = recognizer }));
}
