namespace SpeechStream.Cli.Output;

/// <summary>The formats of a transcript. Their names in lower case are those of <c>--format</c>, and extensions of files.</summary>
internal enum OutputFormat
{
    Text,
    Jsonl,
    Srt,
    Vtt,
    Html,
}
