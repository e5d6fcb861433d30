namespace SpeechStream.Audio;

/// <summary>What a task leaves behind when it ends, lost or complete.</summary>
/// <param name="Acknowledged">Up to where its finals cover the caller's audio, sentences aside that will never be final.</param>
/// <param name="GivenUp">The audio of those: sentences that were overtaken by later ones and never ended.</param>
/// <param name="IsSentenceOpen">A sentence was begun that the next task can still bring.</param>
internal readonly record struct TaskRemainder(long Acknowledged, IReadOnlyList<Gap> GivenUp, bool IsSentenceOpen);
