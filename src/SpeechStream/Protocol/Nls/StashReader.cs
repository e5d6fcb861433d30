using System.Text.Json;

namespace SpeechStream.Protocol.Nls;

/// <summary>Reads the beginning of the next sentence (<c>stash_result</c>, PROTOCOL 3.3).</summary>
/// <remarks>With segmentation by silence, the service fills it with zeros and empty texts. So a begin of zero means that there is none.</remarks>
internal static class StashReader
{
    private static readonly JsonFields<StashParts> Fields = new(
        ("sentenceId", (ref reader, ref stash) => stash.SentenceIndex = reader.Integer() ?? 0),
        ("beginTime", (ref reader, ref stash) => stash.BeginTime = reader.Time() ?? default),
        ("currentTime", (ref reader, ref stash) => stash.CurrentTime = reader.Time() ?? default),
        ("text", (ref reader, ref stash) => stash.Text = reader.Text()),
        ("fixedText", (ref reader, ref stash) => stash.FixedText = reader.Text()),
        ("unfixedText", (ref reader, ref stash) => stash.UnfixedText = reader.Text()),
        ("words", (ref reader, ref stash) => stash.Words = reader.Words(stash.Elements)));

    /// <summary>Reads the current object of the reader; null when the value isn't an object.</summary>
    public static SentenceStash? Stash(this ref Utf8JsonReader reader, List<Word> elements)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var parts = new StashParts { Elements = elements };
        Fields.Read(ref reader, ref parts);
        return parts.ToStash();
    }
}
