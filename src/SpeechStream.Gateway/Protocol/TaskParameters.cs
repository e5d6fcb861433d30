namespace SpeechStream.Gateway.Protocol;

/// <summary>The parameters of a task, checked.</summary>
/// <remarks>Written apart from the library's parameters on purpose; the README says why.</remarks>
internal sealed record TaskParameters
{
    private const int CompressedBytesPerMillisecond = 32;

    public string Format { get; init; } = "pcm";

    public int SampleRate { get; init; } = 16000;

    public int MaxSentenceSilence { get; init; } = 800;

    public bool EnableIntermediateResult { get; init; }

    public bool EnableWords { get; init; }

    public string? SessionId { get; init; }

    /// <summary>Whether the client wants to hear something while nobody speaks.</summary>
    public bool Heartbeat { get; init; }

    /// <summary>How long nobody may speak; null: for ever.</summary>
    public TimeSpan? SilenceTimeout { get; init; }

    /// <summary>Whether recognizers get samples: those of the wire, or decoded ones.</summary>
    public bool IsPcm => Format is "pcm" or "wav" or "opus";

    /// <summary>Compressed audio other than Opus isn't decoded: each 64,000 bytes count as 2 s.</summary>
    public int BytesPerMillisecond => IsPcm ? SampleRate * sizeof(short) / 1000 : CompressedBytesPerMillisecond;
}
