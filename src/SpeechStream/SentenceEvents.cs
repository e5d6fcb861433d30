namespace SpeechStream;

/// <summary>A sentence begins.</summary>
public sealed record SentenceBegin : TranscriptionEvent
{
    /// <summary>Number of the sentence, from 1, without a break across reconnects.</summary>
    public int Index { get; init; }

    /// <summary>Where the sentence begins, from the first sample of the caller's audio.</summary>
    /// <remarks>After a reconnect the sentence may turn out to begin elsewhere; <see cref="SentenceEnd.BeginTime"/> is authoritative.</remarks>
    public TimeSpan Time { get; init; }
}

/// <summary>An interim result. It replaces the ones before it. Given when <see cref="TranscriptionOptions.EnableIntermediateResult"/> is set.</summary>
public sealed record TranscriptionResultChanged : TranscriptionEvent
{
    /// <summary>Number of the sentence, from 1.</summary>
    public int Index { get; init; }

    /// <summary>How far the service had listened, from the first sample of the caller's audio.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The whole sentence as far as it is recognised.</summary>
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

    /// <summary>0 to 1; null where the service doesn't tell.</summary>
    public double? Confidence { get; init; }

    /// <summary>The service's status of the sentence: 0 or 20000000 is good.</summary>
    public int Status { get; init; }
}

/// <summary>The final result of a sentence. Exactly one for each sentence, whatever the connection does.</summary>
public sealed record SentenceEnd : TranscriptionEvent
{
    /// <summary>Number of the sentence, from 1.</summary>
    public int Index { get; init; }

    /// <summary>Where the sentence begins, from the first sample of the caller's audio.</summary>
    public TimeSpan BeginTime { get; init; }

    /// <summary>Where the sentence ends, from the first sample of the caller's audio.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The sentence.</summary>
    public string Text { get; init; } = "";

    /// <summary>The words of <see cref="Text"/>; empty unless <see cref="TranscriptionOptions.EnableWords"/> is set.</summary>
    public WordList Words { get; init; } = WordList.Empty;

    /// <summary>0 to 1; null where the service doesn't tell.</summary>
    public double? Confidence { get; init; }

    /// <summary>The service's status of the sentence: 0 or 20000000 is good.</summary>
    public int Status { get; init; }

    /// <summary>The service ran out of time on this sentence (status 51040104); its text may be incomplete.</summary>
    public bool TimedOut { get; init; }

    /// <summary><see cref="Text"/> doesn't begin with the sentence's last <see cref="TranscriptionResultChanged.StableText"/>: redraw what was shown as settled.</summary>
    public bool RevisedStableText { get; init; }

    /// <summary>The head of the next sentence; null where the service gives none.</summary>
    public SentenceStash? Stash { get; init; }

    /// <summary><c>positive</c>, <c>negative</c> or <c>neutral</c>; null unless the project's model tells emotions (8 kHz Chinese).</summary>
    public string? Emotion { get; init; }

    /// <summary>0 to 1; null where the service doesn't tell.</summary>
    public double? EmotionConfidence { get; init; }

    /// <summary>The speaker's gender; null where the service doesn't tell.</summary>
    public string? Gender { get; init; }

    /// <summary>0 to 1; null where the service doesn't tell.</summary>
    public double? GenderScore { get; init; }

    /// <summary>The service's id of the sentence (32 hex digits); null where it gives none.</summary>
    public string? SentenceId { get; init; }

    /// <summary>The service's additional information, raw; null where it gives none.</summary>
    public string? AudioExtraInfo { get; init; }

    /// <summary>
    /// How late the final is: from the moment when its last sample was accepted and due to be sent, until the final was read.
    /// An outage counts; reading a file ahead of its schedule doesn't. Null for compressed formats.
    /// </summary>
    public TimeSpan? Latency { get; init; }
}
