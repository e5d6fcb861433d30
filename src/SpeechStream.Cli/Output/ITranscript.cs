namespace SpeechStream.Cli.Output;

/// <summary>What is printed while recordings are transcribed; used by several at once.</summary>
internal interface ITranscript
{
    void Write(string file, string? speaker, TranscriptionEvent happened);

    /// <summary>Nothing more happens in this file.</summary>
    void End(string file);
}
