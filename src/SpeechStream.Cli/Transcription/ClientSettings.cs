using SpeechStream.Media;

namespace SpeechStream.Cli.Transcription;

/// <summary>What a command line says of the service, and of what is recorded.</summary>
internal sealed record ClientSettings
{
    public bool IsLocal { get; init; }

    /// <summary>Null for the default of the service.</summary>
    public Uri? Endpoint { get; init; }

    public bool IsInsecure { get; init; }

    public required Account Account { get; init; }

    /// <summary>Whether audio is sent as Opus.</summary>
    public bool IsOpus { get; init; }

    public AudioEncoder? Encoder => IsOpus ? new OpusEncoder() : null;

    /// <summary>Path of the cassette; null when nothing is recorded.</summary>
    public string? Record { get; init; }

    public bool RecordsAudio { get; init; }
}
