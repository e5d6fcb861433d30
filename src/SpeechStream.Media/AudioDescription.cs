namespace SpeechStream.Media;

/// <summary>What an <see cref="AudioSource"/> has found in a recording.</summary>
public sealed record AudioDescription
{
    /// <summary>The name of the file format: WAV, Ogg, WebM, MP3, MP4, …</summary>
    public required string Format { get; init; }

    /// <summary>The name of the encoding: PCM, Opus, aac, …</summary>
    /// <value>Null when it isn't known, as of a stream that ffmpeg decodes.</value>
    public string? Codec { get; init; }

    /// <summary>Samples per second of the recording.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Channels of the recording.</summary>
    public required int Channels { get; init; }

    /// <summary>Bits per sample of the recording.</summary>
    /// <value>Null for codecs that have none, and when it isn't known.</value>
    public int? BitsPerSample { get; init; }

    /// <summary>The length of the recording.</summary>
    /// <value>Null when it isn't known before all is read, as of a live stream.</value>
    public TimeSpan? Duration { get; init; }

    /// <summary>What decodes it.</summary>
    public required AudioDecoder DecodedBy { get; init; }
}
