using SpeechStream.Cli.Output;
using SpeechStream.Media;

namespace SpeechStream.Cli.Transcription;

/// <summary>The command line of <c>speechstream transcribe</c>.</summary>
internal sealed record TranscribeSettings
{
    public required IReadOnlyList<string> Arguments { get; init; }

    public required ClientSettings Client { get; init; }

    public bool IsRaw { get; init; }

    /// <summary>Null for the default of the service.</summary>
    public string? Model { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<OutputFormat> Formats { get; init; }

    /// <summary>Folder of the files; <c>-</c> is standard output; null for what suits the formats.</summary>
    public string? Output { get; init; }

    /// <summary>A number from 1, <c>mix</c>, or <c>each</c>.</summary>
    public required string Channel { get; init; }

    public bool IsResumed { get; init; }

    /// <summary>Whether a page has the recording in it, and doesn't only name it.</summary>
    public bool EmbedsAudio { get; init; }

    public double Speed { get; init; }

    public int SampleRate { get; init; }

    /// <summary>Null for the default.</summary>
    public int? Parallel { get; init; }

    /// <summary>Whether transcripts are files, and not printed.</summary>
    public bool WritesFiles => Output is not (null or "-") || (Output is null && Formats is not [OutputFormat.Text or OutputFormat.Jsonl]);

    /// <summary>Whether results are printed as they come. Captions are printed whole.</summary>
    public bool PrintsEvents => !WritesFiles && Formats[0] is OutputFormat.Text or OutputFormat.Jsonl;

    public bool HearsEach => Channel == "each";

    public AudioSourceOptions AudioOf(int? channel) => new() { SampleRate = SampleRate, Channel = channel };

    /// <summary>The channel of the recording that is heard; null for all together.</summary>
    public int? ChannelNumber => int.TryParse(Channel, out var number) ? number : null;
}
