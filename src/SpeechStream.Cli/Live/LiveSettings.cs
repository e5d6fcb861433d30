using SpeechStream.Cli.Transcription;
using SpeechStream.Media;

namespace SpeechStream.Cli.Live;

/// <summary>The command line of <c>speechstream live</c>.</summary>
internal sealed record LiveSettings
{
    public required ClientSettings Client { get; init; }

    /// <summary>Whether standard input is read, and not a microphone.</summary>
    public bool ReadsInput { get; init; }

    /// <summary>Null for the default microphone.</summary>
    public string? Device { get; init; }

    public bool IsRaw { get; init; }

    /// <summary>Null for the default of the service.</summary>
    public string? Model { get; init; }

    public int SampleRate { get; init; }

    /// <summary>Path of the WebVTT file; null for none.</summary>
    public string? Captions { get; init; }

    public AudioSourceOptions Audio => new() { SampleRate = SampleRate };
}
