namespace SpeechStream.Gateway.Protocol;

/// <summary>What is recognized of a sentence so far.</summary>
/// <param name="Text">The whole sentence, not what was added.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Words">Sent only to a task that asked for words.</param>
internal sealed record Hypothesis(string Text, double Confidence, IReadOnlyList<RecognizedWord> Words);

/// <summary>Times are ms of task audio.</summary>
internal readonly record struct RecognizedWord(string Text, long StartTime, long EndTime);
