namespace SpeechStream;

/// <summary>A sentence begins.</summary>
public sealed record SentenceBegin : TranscriptionEvent
{
    /// <summary>Number of the sentence, from 1. It continues across reconnects.</summary>
    public int Index { get; init; }

    /// <summary>Where the sentence begins, from the first sample of the caller's audio.</summary>
    /// <remarks>A replay after a reconnect may find another begin of the sentence. <see cref="SentenceEnd.BeginTime"/> is the final one.</remarks>
    public TimeSpan Time { get; init; }
}

/// <summary>An interim result: the text of a sentence so far, which may still change. Sent only when <see cref="TranscriptionOptions.EnableIntermediateResult"/> is set.</summary>
public sealed record TranscriptionResultChanged : TranscriptionEvent
{
    /// <summary>Number of the sentence, from 1.</summary>
    public int Index { get; init; }

    /// <summary>How far the service had listened, from the first sample of the caller's audio.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The whole text of the sentence so far. It replaces the text of the interim result before.</summary>
    public string Text { get; init; } = "";

    /// <summary>
    /// The head of the sentence that can be shown as settled: the service's <c>fixed_result</c> where it gives one, else the whole words
    /// (characters in Chinese and Japanese) on which the last three interim results agree, without the word that is being spoken. Empty at first.
    /// </summary>
    /// <remarks>
    /// <see cref="Text"/> begins with it. It shrinks only when an interim result contradicts it, so that a wrong word doesn't stay until the final result.
    /// A consumer that appends its growth must handle that. After a reconnect the service hears the sentence again: until it has listened as far as before,
    /// the stable text stays what it was, and <see cref="Text"/> may be shorter or different.
    /// </remarks>
    public string StableText { get; init; } = "";

    /// <summary>The words of <see cref="Text"/>; empty unless <see cref="TranscriptionOptions.EnableWords"/> is set.</summary>
    public WordList Words { get; init; } = WordList.Empty;

    /// <summary>How sure the service is, from 0 to 1; null when it doesn't say.</summary>
    public double? Confidence { get; init; }

    /// <summary>The service's status of the sentence. 0 and 20000000 mean success.</summary>
    public int Status { get; init; }
}

/// <summary>The final result of a sentence. Each sentence has exactly one, also when the connection is lost in the middle of it.</summary>
public sealed record SentenceEnd : TranscriptionEvent
{
    /// <summary>Number of the sentence, from 1.</summary>
    public int Index { get; init; }

    /// <summary>Where the sentence begins, from the first sample of the caller's audio.</summary>
    public TimeSpan BeginTime { get; init; }

    /// <summary>Where the sentence ends, from the first sample of the caller's audio.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The text of the sentence.</summary>
    public string Text { get; init; } = "";

    /// <summary>The words of <see cref="Text"/>; empty unless <see cref="TranscriptionOptions.EnableWords"/> is set.</summary>
    public WordList Words { get; init; } = WordList.Empty;

    /// <summary>How sure the service is, from 0 to 1; null when it doesn't say.</summary>
    public double? Confidence { get; init; }

    /// <summary>The service's status of the sentence. 0 and 20000000 mean success.</summary>
    public int Status { get; init; }

    /// <summary>Whether the sentence timed out in the service (status 51040104). Its text may be incomplete.</summary>
    public bool TimedOut { get; init; }

    /// <summary><see cref="Text"/> doesn't begin with the sentence's last <see cref="TranscriptionResultChanged.StableText"/>: redraw what was shown as settled.</summary>
    public bool RevisedStableText { get; init; }

    /// <summary>The beginning of the next sentence; null when the service gives none.</summary>
    public SentenceStash? Stash { get; init; }

    /// <summary><c>positive</c>, <c>negative</c> or <c>neutral</c>; null unless the model of the project recognizes emotions (8 kHz Chinese).</summary>
    public string? Emotion { get; init; }

    /// <summary>How sure the service is of <see cref="Emotion"/>, from 0 to 1; null when it doesn't say.</summary>
    public double? EmotionConfidence { get; init; }

    /// <summary>The gender of the speaker; null when the service doesn't say.</summary>
    public string? Gender { get; init; }

    /// <summary>How sure the service is of <see cref="Gender"/>, from 0 to 1; null when it doesn't say.</summary>
    public double? GenderScore { get; init; }

    /// <summary>The id that the service gives the sentence (32 hex digits); null when it gives none.</summary>
    public string? SentenceId { get; init; }

    /// <summary>Additional information of the service, unchanged; null when it gives none.</summary>
    public string? AudioExtraInfo { get; init; }

    /// <summary>
    /// The latency of the final result: the time from when its last sample was written and due to be sent until the result was received. It includes
    /// outages. It doesn't include the time that a file waits because it is read faster than real time. Null for compressed formats.
    /// </summary>
    public TimeSpan? Latency { get; init; }
}
