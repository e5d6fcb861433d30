namespace SpeechStream.Media;

/// <summary>What an <see cref="AudioSource"/> makes of a recording.</summary>
public sealed record AudioSourceOptions
{
    /// <summary>Samples per second of the converted audio. Give the same to <see cref="TranscriptionOptions.SampleRate"/>.</summary>
    /// <value>Default 16000. Allowed: 8000 and 16000.</value>
    public int SampleRate { get; set; } = 16000;

    /// <summary>The channel that is heard, counted from 1, as when a call has one party in each. To transcribe every channel by itself, open the recording once for each.</summary>
    /// <value>Default null: the average of all channels. Allowed: 1 up to the number of channels of the recording.</value>
    public int? Channel { get; set; }

    /// <summary>The path of the <c>ffmpeg</c> program, which decodes what isn't decoded here.</summary>
    /// <value>Default null: the first <c>ffmpeg</c> in the folders of the environment variable PATH.</value>
    public string? FfmpegPath { get; set; }

    internal AudioSourceOptions CopyValidated() => this switch
    {
        { SampleRate: not (8000 or 16000) } => throw new ArgumentException(FormattableString.Invariant($"SampleRate is {SampleRate}. Allowed: 8000 or 16000."), nameof(SampleRate)),
        { Channel: < 1 } => throw new ArgumentException(FormattableString.Invariant($"Channel is {Channel}. Allowed: 1 and more, or null for all channels."), nameof(Channel)),
        _ => this with { },
    };
}
