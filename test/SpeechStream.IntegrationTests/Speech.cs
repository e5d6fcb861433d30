using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests;

/// <summary>Audio that is no silence anywhere, the same for the same seed, and clients for a gateway.</summary>
internal static class Speech
{
    public const int BytesPerSecond = 32_000;

    public static byte[] Noise(double seconds, int seed = 1)
    {
        var audio = new byte[(int)(seconds * BytesPerSecond) & ~1];
        new Random(seed).NextBytes(audio);
        return audio;
    }

    public static SpeechStreamClientOptions OptionsFor(LocalGateway gateway) => new()
    {
        AppKey = "app-key",
        Credential = SpeechCredential.FromToken("the-token"),
        Endpoint = gateway.Endpoint,
        ReconnectDelay = TimeSpan.FromMilliseconds(1),
    };

    public static TranscriptionOptions Unpaced => new() { SendRate = double.PositiveInfinity };

    public static async Task<List<TranscriptionEvent>> ToListAsync(this IAsyncEnumerable<TranscriptionEvent> events)
    {
        var list = new List<TranscriptionEvent>();
        await foreach (var item in events)
        {
            list.Add(item);
        }

        return list;
    }

    /// <summary>The loss oracle: index, times and text of every final, as the audio itself demands.</summary>
    public static IEnumerable<(int Index, TimeSpan Begin, TimeSpan End, string Text)> Expected(byte[] audio, int sampleRate = 16000) =>
        Recognizer.DigestOf(audio, sampleRate).Select((sentence, index) => (index + 1, sentence.BeginTime, sentence.EndTime, sentence.Text));

    public static IEnumerable<(int Index, TimeSpan Begin, TimeSpan End, string Text)> Finals(this IEnumerable<TranscriptionEvent> events) =>
        events.OfType<SentenceEnd>().Select(end => (end.Index, end.BeginTime, end.Time, end.Text));
}
