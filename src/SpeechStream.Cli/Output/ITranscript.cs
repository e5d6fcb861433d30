namespace SpeechStream.Cli.Output;

/// <summary>Where the events of all sessions go; used by several at once.</summary>
internal interface ITranscript
{
    void Write(string file, TranscriptionEvent happened);

    /// <summary>Nothing more happens in this file.</summary>
    void End(string file);

    /// <summary>A line on standard error.</summary>
    void Report(string message);
}
