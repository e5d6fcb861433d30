namespace SpeechStream.Cli.Output.Html;

/// <summary>A final result, and who spoke.</summary>
/// <param name="Speaker">The speaker, as the page names them; null when it isn't known.</param>
/// <param name="Sentence">The final result. Its words, where it has some, are what the page follows.</param>
internal sealed record SpokenSentence(string? Speaker, SentenceEnd Sentence);
