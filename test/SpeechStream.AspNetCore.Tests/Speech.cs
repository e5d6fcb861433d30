using System.Text.Json;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>Audio that is no silence anywhere, and what is to come of it.</summary>
internal static class Speech
{
    public static byte[] Noise(double seconds, int seed = 1, int rate = 16000)
    {
        var audio = new byte[(int)(seconds * rate) * 2];
        new Random(seed).NextBytes(audio);
        return audio;
    }

    /// <summary>The loss oracle: index, times and text of every final, as the audio itself demands.</summary>
    public static IEnumerable<(int Index, long Begin, long End, string Text)> Expected(byte[] audio, int rate = 16000) => Recognizer.DigestOf(audio, rate)
        .Select((sentence, index) => (index + 1, (long)sentence.BeginTime.TotalMilliseconds, (long)sentence.EndTime.TotalMilliseconds, sentence.Text));

    public static IEnumerable<(int Index, long Begin, long End, string Text)> Finals(this IEnumerable<JsonElement> messages) => messages
        .Where(message => message.IsType("final"))
        .Select(final => (final.GetProperty("index").GetInt32(), final.GetProperty("begin").GetInt64(), final.GetProperty("end").GetInt64(), final.GetProperty("text").GetString()!));

    public static bool IsType(this JsonElement message, string type) => message.GetProperty("type").GetString() == type;
}
