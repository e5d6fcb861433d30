using System.Buffers.Binary;
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests;

/// <summary>Audio that is no silence anywhere, the same for the same seed, and what is to come of it.</summary>
internal static class Speech
{
    public const int BytesPerSecond = 32_000;

    public static TranscriptionOptions Unpaced => new() { SendRate = double.PositiveInfinity };

    public static byte[] Noise(double seconds, int seed = 1)
    {
        var audio = new byte[(int)(seconds * BytesPerSecond) & ~1];
        new Random(seed).NextBytes(audio);
        return audio;
    }

    public static byte[] Wave(byte[] audio, int sampleRate = 16000, int channels = 1)
    {
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + audio.Length);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), sampleRate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), audio.Length);
        return [.. header, .. audio];
    }

    /// <summary>Where a gateway speaks as the service of the running test does.</summary>
    public static Uri EndpointOf(LocalGateway gateway) => BothServices.IsDashScope ? gateway.DashScopeEndpoint : gateway.Endpoint;

    public static SpeechStreamClientOptions OptionsFor(Uri endpoint) => new()
    {
        AppKey = "app-key",
        Credential = BothServices.FixedCredential("the-token"),
        Endpoint = endpoint,
        ReconnectDelay = TimeSpan.FromMilliseconds(1),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>The loss oracle: index, times and text of every final, as the audio itself demands.</summary>
    public static IEnumerable<(int Index, TimeSpan Begin, TimeSpan End, string Text)> Expected(byte[] audio, int sampleRate = 16000) =>
        Recognizer.DigestOf(audio, sampleRate).Select((sentence, index) => (index + 1, sentence.BeginTime, sentence.EndTime, sentence.Text));

    public static IEnumerable<(int Index, TimeSpan Begin, TimeSpan End, string Text)> Finals(this IEnumerable<TranscriptionEvent> events) =>
        events.OfType<SentenceEnd>().Select(end => (end.Index, end.BeginTime, end.Time, end.Text));

    /// <summary>Writes all of it and ends the audio.</summary>
    public static async Task FeedAsync(this TranscriptionSession session, byte[] audio, int piece = 3200)
    {
        for (var at = 0; at < audio.Length; at += piece)
        {
            if ((await session.Audio.WriteAsync(audio.AsMemory(at, Math.Min(piece, audio.Length - at)))).IsCompleted)
            {
                return;
            }
        }

        await session.Audio.CompleteAsync();
    }

    /// <summary>All events, and what the enumeration threw.</summary>
    public static async Task<Outcome> OutcomeAsync(this IAsyncEnumerable<TranscriptionEvent> events)
    {
        var read = new List<TranscriptionEvent>();
        try
        {
            await foreach (var item in events)
            {
                read.Add(item);
            }
        }
        catch (Exception exception)
        {
            return new(read, exception);
        }

        return new(read, null);
    }

    /// <summary>All events of an enumeration that ends normally.</summary>
    public static async Task<List<TranscriptionEvent>> ToListAsync(this IAsyncEnumerable<TranscriptionEvent> events)
    {
        var outcome = await events.OutcomeAsync().Within("the events of a session to end");
        Assert.True(outcome.Error is null, $"After {outcome.Events.Count} events, the last of them {outcome.Events.LastOrDefault()}: {outcome.Error}");
        return outcome.Events;
    }
}

/// <summary>What a session gave its consumer.</summary>
/// <param name="Events">Everything it read.</param>
/// <param name="Error">What the enumeration threw; null after a graceful end.</param>
internal sealed record Outcome(List<TranscriptionEvent> Events, Exception? Error);
