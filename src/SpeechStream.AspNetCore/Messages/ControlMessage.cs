using System.Text.Json;

namespace SpeechStream.AspNetCore.Messages;

/// <summary>What a page says in a text message.</summary>
/// <param name="Type"><c>start</c>, <c>resume</c> or <c>end</c>.</param>
/// <param name="Key">Of <c>resume</c>: the key of the session.</param>
/// <param name="Sentences">Of <c>resume</c>: the index of the last final sentence.</param>
/// <param name="Time">Of <c>resume</c>: where the audio begins that the page has kept, in milliseconds.</param>
/// <param name="Seen">Of <c>resume</c>: the number of the last message that the page has.</param>
internal sealed record ControlMessage(string? Type = null, string? Key = null, int Sentences = 0, double Time = 0, long Seen = 0)
{
    public const int MaxBytes = 4096;

    private const double MaxTime = 1000 * 24 * 60 * 60 * 1000d; // 1000 days, as ResumeFrom allows

    /// <summary>The message, or null if it isn't one.</summary>
    public static ControlMessage? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, MessageJson.Default.ControlMessage) is
            { Type: "start" or "resume" or "end", Sentences: >= 0 and < int.MaxValue / 2, Time: >= 0 and <= MaxTime, Seen: >= 0 and < long.MaxValue / 2 } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
