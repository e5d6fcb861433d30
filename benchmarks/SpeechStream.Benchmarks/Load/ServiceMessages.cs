using System.Globalization;
using System.Text.Unicode;

namespace SpeechStream.Benchmarks.Load;

/// <summary>The events of <see cref="NullService"/>, as the service writes them.</summary>
internal static class ServiceMessages
{
    private const string Sentence = "What is said here is of no importance to anyone who measures it";

    /// <summary>Writes an event without a payload; gives its length.</summary>
    public static int Plain(Span<byte> destination, string name, string taskId) =>
        Utf8.TryWrite(destination, CultureInfo.InvariantCulture, $"{{\"header\":{{\"namespace\":\"SpeechTranscriber\",\"name\":\"{name}\",\"status\":20000000,\"message_id\":\"5c0e1f7a2b3d4c5e8f90a1b2c3d4e5f6\",\"task_id\":\"{taskId}\",\"status_text\":\"Gateway:SUCCESS:Success.\"}}}}", out var written)
            ? written
            : throw new ArgumentException("Too short.", nameof(destination));

    /// <summary>Writes the begin of a sentence; gives its length.</summary>
    public static int Begin(Span<byte> destination, string taskId, int index, long milliseconds) =>
        Utf8.TryWrite(destination, CultureInfo.InvariantCulture, $"{{\"header\":{{\"namespace\":\"SpeechTranscriber\",\"name\":\"SentenceBegin\",\"status\":20000000,\"message_id\":\"5c0e1f7a2b3d4c5e8f90a1b2c3d4e5f6\",\"task_id\":\"{taskId}\",\"status_text\":\"Gateway:SUCCESS:Success.\"}},\"payload\":{{\"index\":{index},\"time\":{milliseconds}}}}}", out var written)
            ? written
            : throw new ArgumentException("Too short.", nameof(destination));

    /// <summary>Writes an interim or final result, whose text ends with the time stamp of this moment; gives its length.</summary>
    public static int Result(Span<byte> destination, string name, string taskId, int index, long begin, long milliseconds, int words, long stamp)
    {
        var head = Sentence.AsSpan(0, (int)Math.Clamp((milliseconds - begin) * Sentence.Length / 2000, 1, Sentence.Length));
        if (!Utf8.TryWrite(destination, CultureInfo.InvariantCulture, $"{{\"header\":{{\"namespace\":\"SpeechTranscriber\",\"name\":\"{name}\",\"status\":20000000,\"message_id\":\"5c0e1f7a2b3d4c5e8f90a1b2c3d4e5f6\",\"task_id\":\"{taskId}\",\"status_text\":\"Gateway:SUCCESS:Success.\"}},\"payload\":{{\"index\":{index},\"time\":{milliseconds},\"begin_time\":{begin},\"result\":\"{head}@{stamp}\",\"confidence\":0.93", out var written))
        {
            throw new ArgumentException("Too short.", nameof(destination));
        }

        for (var word = 0; word < words; word++)
        {
            var start = begin + ((milliseconds - begin) * word / words);
            Utf8.TryWrite(destination[written..], CultureInfo.InvariantCulture, $"{(word == 0 ? ",\"words\":[" : ",")}{{\"text\":\"word{word}\",\"startTime\":{start},\"endTime\":{start + 100}}}", out var part);
            written += part;
        }

        Utf8.TryWrite(destination[written..], CultureInfo.InvariantCulture, $"{(words == 0 ? "}}" : "]}}")}", out var end);
        return written + end;
    }

    /// <summary>The time stamp in a message or text; null when it has none.</summary>
    public static long? Stamp(ReadOnlySpan<byte> message)
    {
        var at = message.LastIndexOf((byte)'@');
        return at < 0 ? null : Digits(message[(at + 1)..]);
    }

    public static long? Stamp(string text)
    {
        var at = text.LastIndexOf('@');
        return at >= 0 && long.TryParse(text.AsSpan(at + 1), CultureInfo.InvariantCulture, out var stamp) ? stamp : null;
    }

    private static long Digits(ReadOnlySpan<byte> from)
    {
        var value = 0L;
        foreach (var digit in from)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            value = (value * 10) + digit - '0';
        }

        return value;
    }
}
