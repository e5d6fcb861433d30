namespace SpeechStream.Protocol;

/// <summary>Collects the values of the beginning of the next sentence, since the public type can't be changed after it was made.</summary>
internal struct StashParts
{
    public int SentenceIndex;
    public TimeSpan BeginTime;
    public TimeSpan CurrentTime;
    public string? Text;
    public string? FixedText;
    public string? UnfixedText;
    public Word[]? Words;

    /// <inheritdoc cref="ServerMessage.Elements"/>
    public List<Word> Elements;

    public readonly SentenceStash ToStash() => new()
    {
        SentenceIndex = SentenceIndex,
        BeginTime = BeginTime,
        CurrentTime = CurrentTime,
        Text = Text ?? "",
        FixedText = FixedText ?? "",
        UnfixedText = UnfixedText ?? "",
        Words = WordList.Adopt(Words ?? []),
    };
}
