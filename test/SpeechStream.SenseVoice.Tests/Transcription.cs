using SpeechStream.Gateway;

namespace SpeechStream.SenseVoice.Tests;

/// <summary>What a client gets of a gateway.</summary>
internal static class Transcription
{
    /// <summary>A gateway that is patient: a busy machine may need longer for a message than the service waits for the next one.</summary>
    public static Task<LocalGateway> StartGatewayAsync(Func<SpeechDecoder> create) =>
        LocalGateway.StartAsync(new() { Recognizer = Recognizer.FromDecoder(create), IdleTimeout = TimeSpan.FromHours(1) });

    public static async Task<List<TranscriptionEvent>> EventsAsync(Uri endpoint, byte[] audio, TranscriptionOptions options, int piece)
    {
        await using var client = new SpeechStreamClient(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = endpoint });
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var pieces = audio.Chunk(piece).Select(part => new ReadOnlyMemory<byte>(part)).ToAsyncEnumerable();
        return await client.TranscribeAsync(pieces, options, limit.Token).ToListAsync(limit.Token);
    }

    public static async Task<List<SentenceEnd>> FinalsAsync(LocalGateway gateway, byte[] audio, TranscriptionOptions? options = null)
    {
        options ??= new();
        options.SendRate = double.PositiveInfinity;
        return [.. (await EventsAsync(gateway.Endpoint, audio, options, audio.Length)).OfType<SentenceEnd>()];
    }
}
