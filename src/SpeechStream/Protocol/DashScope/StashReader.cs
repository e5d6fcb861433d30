using System.Text.Json;

namespace SpeechStream.Protocol.DashScope;

/// <summary>Reads the beginning of the next sentence (DASHSCOPE 3), which means the same as NLS's.</summary>
internal static class StashReader
{
    private static readonly JsonFields<Parts> Fields = new(
        ("sentence_id", (ref reader, ref stash) => stash.SentenceIndex = reader.Integer() ?? 0),
        ("begin_time", (ref reader, ref stash) => stash.BeginTime = reader.Time() ?? default),
        ("current_time", (ref reader, ref stash) => stash.CurrentTime = reader.Time() ?? default),
        ("text", (ref reader, ref stash) => stash.Text = reader.Text()),
        ("words", (ref reader, ref stash) => stash.Words = stash.WordReader.Read(ref reader).Words));

    /// <summary>Reads the current object of the reader; null when the value isn't an object.</summary>
    public static SentenceStash? Read(ref Utf8JsonReader reader, WordReader words)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var parts = new Parts { WordReader = words };
        Fields.Read(ref reader, ref parts);
        return new SentenceStash
        {
            SentenceIndex = parts.SentenceIndex,
            BeginTime = parts.BeginTime,
            CurrentTime = parts.CurrentTime,
            Text = parts.Text ?? "",
            UnfixedText = parts.Text ?? "",
            Words = WordList.Adopt(parts.Words ?? []),
        };
    }

    // Collects the values, since the public type can't be changed after it was made.
    private struct Parts
    {
        public WordReader WordReader;
        public int SentenceIndex;
        public TimeSpan BeginTime;
        public TimeSpan CurrentTime;
        public string? Text;
        public Word[]? Words;
    }
}
