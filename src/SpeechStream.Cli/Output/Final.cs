namespace SpeechStream.Cli.Output;

/// <summary>A final result, and whose it is.</summary>
/// <param name="Speaker">Null where a recording is one for all.</param>
/// <param name="Sentence">The result.</param>
internal readonly record struct Final(string? Speaker, SentenceEnd Sentence);
